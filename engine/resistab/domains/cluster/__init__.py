"""A cohort of any domain shared among the workers of a Dask cluster; what comes of it is what one machine makes."""
