"""What every kind has in common that trains a module and looks at it: data, network, training, stages."""
