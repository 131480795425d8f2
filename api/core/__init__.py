"""What all operations of the API share: who calls, problems, pages, versions, and repetition."""
