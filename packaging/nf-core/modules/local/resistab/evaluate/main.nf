process RESISTAB_EVALUATE {
    tag "$meta.id"
    label 'process_single'

    conda "${moduleDir}/environment.yml"
    // The image that packaging/docker/Dockerfile makes, under the name it was given.
    container "resistab:0.1.0"
    // The image starts resistab; here a shell is to be started in it. Apptainer does so anyway.
    containerOptions { workflow.containerEngine in ['docker', 'podman'] ? '--entrypoint ""' : '' }

    input:
    tuple val(meta), path(genotype)

    output:
    tuple val(meta), path("*.resistab.json"), emit: json
    tuple val(meta), path("*.resistab.html"), emit: html
    path "versions.yml"                     , emit: versions

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    def prefix = task.ext.prefix ?: "${meta.id}"
    def tumour = meta.tumour ? "--tumour '${meta.tumour}'" : ''
    """
    export RESISTAB_CACHE="\$PWD/.resistab"
    resistab \\
        evaluate \\
        $args \\
        $tumour \\
        --json '${prefix}.resistab.json' \\
        --html '${prefix}.resistab.html' \\
        $genotype

    cat <<-END_VERSIONS > versions.yml
    "${task.process}":
        resistab: \$(resistab version | sed -n 's/^resistab //p')
    END_VERSIONS
    """

    stub:
    def prefix = task.ext.prefix ?: "${meta.id}"
    """
    touch '${prefix}.resistab.json' '${prefix}.resistab.html'

    cat <<-END_VERSIONS > versions.yml
    "${task.process}":
        resistab: \$(resistab version | sed -n 's/^resistab //p')
    END_VERSIONS
    """
}
