package io.mailkeep.imap.internal;

/** What is advertised: exactly what is complete (RFC 9051 6.1.1). */
public final class Capabilities {
    private static final String ALWAYS = "IMAP4rev1 IMAP4rev2 LITERAL- SASL-IR ENABLE ID";
    private static final String SIGNED_IN =
            " UIDPLUS MOVE IDLE NAMESPACE UNSELECT CHILDREN SPECIAL-USE CREATE-SPECIAL-USE ESEARCH"
                    + " SEARCHRES LIST-EXTENDED LIST-STATUS STATUS=SIZE CONDSTORE";

    private Capabilities() {}

    /** What is true on this connection now. */
    public static String text(Session session) {
        if (session.isSignedIn()) {
            return ALWAYS + SIGNED_IN;
        }
        if (session.connection().secure()) {
            return ALWAYS + " AUTH=PLAIN";
        }
        return ALWAYS + (session.connection().canStartTls() ? " STARTTLS" : "") + " LOGINDISABLED";
    }
}
