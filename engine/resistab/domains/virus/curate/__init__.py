"""What curators of virus rules have beside what all curators have."""
