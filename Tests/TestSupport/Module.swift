// Laws that every conformance obeys.
