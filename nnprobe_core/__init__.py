"""The science of nnprobe: data, networks, training and probes. Imports no screen and no store."""
