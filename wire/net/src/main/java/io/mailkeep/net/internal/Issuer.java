package io.mailkeep.net.internal;

import io.mailkeep.kernel.Randomness;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.ECNamedCurveTable;
import org.bouncycastle.jce.spec.ECNamedCurveParameterSpec;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes the certificates of an authority of our own (RFC 5280). ECDSA on P-256: what every mail
 * client takes.
 */
public final class Issuer {
    private static final Duration SKEW = Duration.ofDays(1);
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3_650);

    /** How long a server's certificate holds: what clients accept at most is 398 days. */
    public static final Duration SERVER_LIFE = Duration.ofDays(120);

    private final Randomness randomness;

    public Issuer(Randomness randomness) {
        this.randomness = randomness;
    }

    /** A fresh key pair. */
    public static KeyPair keyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The pair that a private key on P-256 belongs to. */
    public static KeyPair pair(PrivateKey key) {
        try {
            ECNamedCurveParameterSpec curve = ECNamedCurveTable.getParameterSpec("secp256r1");
            org.bouncycastle.math.ec.ECPoint point =
                    curve.getG().multiply(((ECPrivateKey) key).getS()).normalize();
            ECPoint affine =
                    new ECPoint(
                            point.getAffineXCoord().toBigInteger(),
                            point.getAffineYCoord().toBigInteger());
            return new KeyPair(
                    KeyFactory.getInstance("EC")
                            .generatePublic(
                                    new ECPublicKeySpec(affine, ((ECPrivateKey) key).getParams())),
                    key);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * The authority's own certificate. Its name tells two installations apart and comes from the
     * key: made again with the same key, what clients trust already still verifies.
     */
    public X509Certificate authority(KeyPair keys, Instant now) {
        try {
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            byte[] keyId = ids.createSubjectKeyIdentifier(keys.getPublic()).getKeyIdentifier();
            X500Name name =
                    new X500Name(
                            "O=Mailkeep,CN=Mailkeep CA " + HexFormat.of().formatHex(keyId, 0, 4));
            X509v3CertificateBuilder builder =
                    new JcaX509v3CertificateBuilder(
                            name,
                            serial(),
                            Date.from(now.minus(SKEW)),
                            Date.from(now.plus(AUTHORITY_LIFE)),
                            name,
                            keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    ids.createSubjectKeyIdentifier(keys.getPublic()));
            return sign(builder, keys.getPrivate());
        } catch (GeneralSecurityException | IOException | OperatorCreationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A server's certificate for these names (DNS names and IP addresses). */
    public Identity server(
            X509Certificate authority, PrivateKey authorityKey, List<String> names, Instant now) {
        KeyPair keys = keyPair();
        try {
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            X509v3CertificateBuilder builder =
                    new JcaX509v3CertificateBuilder(
                            authority,
                            serial(),
                            Date.from(now.minus(SKEW)),
                            Date.from(now.plus(SERVER_LIFE)),
                            new X500Name("O=Mailkeep"),
                            keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            // Critical, because the subject says nothing of the names (RFC 5280 4.2.1.6).
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    true,
                    new GeneralNames(names.stream().map(Issuer::name).toArray(GeneralName[]::new)));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    ids.createSubjectKeyIdentifier(keys.getPublic()));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    ids.createAuthorityKeyIdentifier(authority.getPublicKey()));
            return new Identity(List.of(sign(builder, authorityKey), authority), keys.getPrivate());
        } catch (GeneralSecurityException | IOException | OperatorCreationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static GeneralName name(String name) {
        boolean address = name.contains(":") || name.matches("[0-9.]+");
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
    }

    private BigInteger serial() {
        return new BigInteger(1, randomness.bytes(16)).setBit(126);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }
}
