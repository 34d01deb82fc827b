# The program prints its completion, so that it is never older than the program.
casetui completion fish | source
