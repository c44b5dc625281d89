package io.mailkeep.net.internal;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;

/** Certificates and keys as PEM files (RFC 7468). */
public final class Pem {
    private Pem() {}

    /** What a file holds. */
    public record Content(List<X509Certificate> certificates, Optional<PrivateKey> key) {
        public Content {
            certificates = List.copyOf(certificates);
        }
    }

    /**
     * Reads all certificates and the first private key (PKCS #8, or the older EC and RSA forms).
     */
    public static Content read(Path file) throws IOException, GeneralSecurityException {
        List<X509Certificate> certificates = new ArrayList<>();
        List<PrivateKey> keys = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.US_ASCII);
                PEMParser parser = new PEMParser(reader)) {
            for (Object one = parser.readObject(); one != null; one = parser.readObject()) {
                switch (one) {
                    case X509CertificateHolder holder ->
                            certificates.add(
                                    new JcaX509CertificateConverter().getCertificate(holder));
                    case PrivateKeyInfo info ->
                            keys.add(new JcaPEMKeyConverter().getPrivateKey(info));
                    case PEMKeyPair pair ->
                            keys.add(
                                    new JcaPEMKeyConverter()
                                            .getPrivateKey(pair.getPrivateKeyInfo()));
                    default -> {
                        // Parameters of a curve and the like stand in such files too.
                    }
                }
            }
        }
        return new Content(certificates, keys.stream().findFirst());
    }

    /** Writes a file whole or not at all, readable by its owner alone if it is private. */
    public static void write(Path file, boolean isPrivate, List<? extends Object> objects)
            throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object one : objects) {
                writer.writeObject(one);
            }
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(
                fresh,
                PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString(isPrivate ? "rw-------" : "rw-r--r--")));
        try (Writer writer =
                Files.newBufferedWriter(
                        fresh, StandardCharsets.US_ASCII, StandardOpenOption.WRITE)) {
            writer.write(text.toString());
        }
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
