package io.mailkeep.testing.bench;

/** Whom a goal compares us with; where they are several, the best of them counts. */
enum Peer {
    POSTFIX("Postfix"),
    DOVECOT("Dovecot in clear"),
    MDBOX("Dovecot mdbox"),
    ENCRYPTED("Dovecot encrypted");

    private final String label;

    Peer(String label) {
        this.label = label;
    }

    /** For people. */
    String label() {
        return label;
    }

    /** Whether a server of this name is one. */
    boolean is(String subject) {
        boolean dovecot = subject.startsWith("Dovecot");
        boolean encrypted = subject.endsWith("mail_crypt");
        return switch (this) {
            case POSTFIX -> subject.startsWith("Postfix");
            case DOVECOT -> dovecot && !encrypted;
            case MDBOX -> subject.equals("Dovecot mdbox");
            case ENCRYPTED -> dovecot && encrypted;
        };
    }
}
