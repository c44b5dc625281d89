package io.mailkeep.smtp;

/** The ways to hand mail over. */
public enum SmtpService {
    /** From other servers, for our own recipients; port 25. */
    MX("mx", false, false),
    /** From our own people, STARTTLS first; port 587 (RFC 6409). */
    SUBMISSION("submission", true, false),
    /** From our own people, TLS from the first octet; port 465 (RFC 8314 3.3). */
    SUBMISSIONS("submissions", true, true),
    /**
     * From a queue on this machine, an answer for each recipient; port 24 (RFC 2033). Never beyond
     * this machine (RFC 2033 5) and without TLS: nobody signs in, and what is sent leaves no wire.
     */
    LMTP("lmtp", false, false);

    private final String label;
    private final boolean submission;
    private final boolean implicitTls;

    SmtpService(String label, boolean submission, boolean implicitTls) {
        this.label = label;
        this.submission = submission;
        this.implicitTls = implicitTls;
    }

    /** Its name in configuration, logs and audit. */
    public String label() {
        return label;
    }

    /** People sign in here. */
    public boolean submission() {
        return submission;
    }

    /** It speaks LMTP: LHLO, and an answer for each recipient. */
    public boolean lmtp() {
        return this == LMTP;
    }

    /** The command by which a client introduces itself and asks what is offered. */
    public String hello() {
        return lmtp() ? "LHLO" : "EHLO";
    }

    /** TLS starts with the first octet. */
    public boolean implicitTls() {
        return implicitTls;
    }
}
