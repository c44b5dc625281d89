package io.mailkeep.testing.bench;

/** A mailbox of a server under measurement, and how its owner signs in. */
record Mailbox(String address, String password) {}
