"""`python -m readstone`; engine workers import this module too, so it imports nothing by itself."""

if __name__ == "__main__":
    from readstone.cli import main

    main()
