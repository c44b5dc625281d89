package io.mailkeep.claims;

/** The catalogue of promises; ids are stable, and code, tests and audit entries cite them. */
public enum ClaimId {
    CMP_1("runs under ISO/IEC 27001, 27018 and the law"),
    CMP_2("no third party processes personal data; nothing is disclosed without consent"),
    CMP_3("personal data lies in its declared region only"),
    CMP_4("after a breach of personal data the plan starts and people are told in time"),
    CMP_5("many companies on one installation, each by itself"),
    DAT_1("data is classified when it comes into being"),
    DAT_2("TLS, and the payload sealed end to end on top of it"),
    DAT_3("every use of data is decided on tickets of a person and a module"),
    DAT_4(
            "important classes are encrypted at rest, on devices of their own, under one key management"),
    DAT_5("what is deleted can't be recovered"),
    DAT_6("abnormal behaviour is found; access can be traced"),
    ACC_1("accounts are protected"),
    ACC_2("a second password guards what matters most"),
    ACC_3("tickets prevent access beyond one's rights"),
    ACC_4("keys travel and rest in secret"),
    OPS_1("staff are checked, bound to secrecy and taught"),
    OPS_2("joining, moving and leaving change rights by themselves"),
    OPS_3("permissions are applied for, approved, and taken back when they end"),
    OPS_4("staff are trained from time to time"),
    OPS_5("security is watched around the clock"),
    OPS_6("incidents have phases and roles; recovery is rehearsed"),
    FAC_1("no single device's failure stops the site"),
    FAC_2("zones, an access matrix, and registered visitors"),
    FAC_3("patrols, violations, quarterly audits"),
    NET_1("clients and servers speak TLS only"),
    NET_2("the service holds under attack"),
    NET_3("one gateway handles every outside interface"),
    NET_4("separated networks; production only through a bastion"),
    NET_5("no single link, node or region interrupts service");

    private final String promise;

    ClaimId(String promise) {
        this.promise = promise;
    }

    /** The id as it is cited: {@code DAT-3}. */
    public String id() {
        return name().replace('_', '-');
    }

    /** The promise in a few words. */
    public String promise() {
        return promise;
    }
}
