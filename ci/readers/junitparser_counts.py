"""junitparser_counts.py FILE: what the package junitparser reads of a JUnit report."""
import sys

import junitparser

for suite in junitparser.JUnitXml.fromfile(sys.argv[1]):
    print(suite.tests, suite.failures, suite.errors, suite.skipped)
    for case in suite:
        results = [type(result).__name__ for result in case.result]
        print(case.name.split(":")[0], *(results or ["Passed"]))
