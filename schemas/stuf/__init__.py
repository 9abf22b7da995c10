"""The StUF-GGk envelope 2.1 in which iWmo messages travel."""
