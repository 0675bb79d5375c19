"""`python -m devtool`."""

from devtool.cli import main

if __name__ == "__main__":
    main()
