package io.mailkeep.net;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Randomness;
import io.mailkeep.kernel.Secret;
import io.mailkeep.kernel.Time;
import io.mailkeep.net.internal.Identity;
import io.mailkeep.net.internal.Issuer;
import io.mailkeep.net.internal.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The certificate this server shows: one of an authority of its own, renewed before it expires, or
 * files that somebody else keeps.
 *
 * <p>A change takes effect with the next handshake, without restart ({@link #refresh}). The
 * authority's private key lies where {@link AuthorityKey} puts it and is in memory only while a
 * certificate is issued. The server's own key is in {@code server.pem} (0600), so that a start
 * works while the key device is away.
 */
@Claim("NET-1")
public final class Certificates {
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);

    private final Time time;
    private final Source source;
    private volatile Identity current;

    private Certificates(Time time, Source source) throws IOException {
        this.time = time;
        this.source = source;
        this.current = source.load(time.instant());
    }

    /**
     * Certificates of an authority of our own, in {@code ca.pem} and {@code server.pem} of a
     * folder; both are made at the first start.
     *
     * @param hostName what clients call this server; besides it {@code localhost}, {@code
     *     127.0.0.1} and {@code ::1} are named
     * @throws CertificateRefused if the authority's certificate and its key don't belong together,
     *     or the key is gone and a certificate is due
     */
    public static Certificates own(
            Path folder, String hostName, AuthorityKey key, Time time, Randomness randomness)
            throws IOException {
        Files.createDirectories(folder);
        return new Certificates(
                time, new OwnAuthority(folder, names(hostName), key, new Issuer(randomness)));
    }

    /**
     * A certificate chain (the server's own first) and private key from PEM files; both may be the
     * same file.
     *
     * @throws CertificateRefused if they can't be read, don't belong together or have expired
     */
    public static Certificates given(Path chain, Path key, Time time) throws IOException {
        return new Certificates(time, new GivenFiles(chain, key));
    }

    /**
     * Renews the certificate if that is due, or reads files that have changed; true if another one
     * is shown now. A failed renewal throws and leaves the old one in place.
     */
    public synchronized boolean refresh() throws IOException {
        Identity before = current;
        current = source.load(time.instant());
        return !before.leaf().equals(current.leaf());
    }

    /**
     * The certificate shown now isn't valid yet: it was made while the clock stood in the future,
     * and {@link #refresh} is due ({@code FLT-29}).
     */
    public boolean isEarly() {
        return time.instant().isBefore(current.leaf().getNotBefore().toInstant());
    }

    /** The certificate shown now. */
    public X509Certificate server() {
        return current.leaf();
    }

    /** The last certificate of the chain shown now: of our own authority, its root. */
    public X509Certificate authority() {
        return current.chain().getLast();
    }

    Identity current() {
        return current;
    }

    private static Set<String> names(String hostName) {
        Set<String> names = new LinkedHashSet<>();
        names.add(hostName.toLowerCase(Locale.ROOT));
        names.addAll(List.of("localhost", "127.0.0.1", "::1"));
        return names;
    }

    /** Where an identity comes from. */
    private sealed interface Source {
        Identity load(Instant now) throws IOException;
    }

    private record GivenFiles(Path chain, Path key) implements Source {
        @Override
        public Identity load(Instant now) throws IOException {
            try {
                List<X509Certificate> certificates = Pem.read(chain).certificates();
                Optional<PrivateKey> secret = Pem.read(key).key();
                if (certificates.isEmpty() || secret.isEmpty()) {
                    throw new CertificateRefused(
                            (certificates.isEmpty()
                                            ? chain + " holds no certificate"
                                            : key + " holds no private key")
                                    + ": it must be PEM, unencrypted");
                }
                Identity identity = new Identity(certificates, secret.get());
                if (!belongTogether(identity.leaf(), identity.key())) {
                    throw new CertificateRefused(
                            key + " isn't the key of the first certificate in " + chain);
                }
                if (now.isAfter(identity.leaf().getNotAfter().toInstant())) {
                    throw new CertificateRefused(
                            "the certificate in "
                                    + chain
                                    + " expired at "
                                    + identity.leaf().getNotAfter().toInstant()
                                    + ": put a renewed one there");
                }
                return identity;
            } catch (GeneralSecurityException unreadable) {
                throw new CertificateRefused(chain + " or " + key + " can't be read", unreadable);
            }
        }
    }

    private record OwnAuthority(Path folder, Set<String> names, AuthorityKey vault, Issuer issuer)
            implements Source {
        @Override
        public Identity load(Instant now) throws IOException {
            try {
                Optional<X509Certificate> authority = authorityOnDisk();
                Optional<Identity> kept = authority.flatMap(this::kept);
                if (kept.isPresent() && !due(kept.get().leaf(), now)) {
                    return kept.get();
                }
                return issue(authority, kept, now);
            } catch (GeneralSecurityException unreadable) {
                throw new CertificateRefused(
                        "the certificates in "
                                + folder
                                + " can't be read: move them away to get new ones",
                        unreadable);
            }
        }

        private Identity issue(
                Optional<X509Certificate> onDisk, Optional<Identity> kept, Instant now)
                throws IOException, GeneralSecurityException {
            Optional<Secret> stored = vault.load();
            if (stored.isEmpty() && onDisk.isPresent()) {
                // Never a second authority over an old one: every client trusts the old one.
                if (kept.isPresent() && now.isBefore(kept.get().leaf().getNotAfter().toInstant())) {
                    return kept.get();
                }
                throw new CertificateRefused(
                        "the server's certificate has to be renewed, and the authority's key isn't on"
                                + " the key device: bring the key device back, or move "
                                + folder.resolve("ca.pem")
                                + " away to begin a new authority (clients have to trust it anew)");
            }
            if (stored.isEmpty()) {
                return begin(now);
            }
            try (Secret secret = stored.get()) {
                KeyPair keys = Issuer.pair(decode(secret));
                X509Certificate authority =
                        onDisk.isPresent() ? onDisk.get() : publish(issuer.authority(keys, now));
                if (!authority.getPublicKey().equals(keys.getPublic())) {
                    throw new CertificateRefused(
                            folder.resolve("ca.pem")
                                    + " isn't the certificate of the key on the key device: one of"
                                    + " them is of another installation");
                }
                return write(issuer.server(authority, keys.getPrivate(), List.copyOf(names), now));
            }
        }

        private Identity begin(Instant now) throws IOException {
            KeyPair keys = Issuer.keyPair();
            try (Secret secret = Secret.owning(keys.getPrivate().getEncoded())) {
                vault.store(secret);
            }
            X509Certificate authority = publish(issuer.authority(keys, now));
            return write(issuer.server(authority, keys.getPrivate(), List.copyOf(names), now));
        }

        private X509Certificate publish(X509Certificate authority) throws IOException {
            Pem.write(folder.resolve("ca.pem"), false, List.of(authority));
            return authority;
        }

        private Identity write(Identity identity) throws IOException {
            List<Object> parts = new ArrayList<>(identity.chain());
            parts.add(identity.key());
            Pem.write(folder.resolve("server.pem"), true, parts);
            return identity;
        }

        private Optional<X509Certificate> authorityOnDisk()
                throws IOException, GeneralSecurityException {
            Path file = folder.resolve("ca.pem");
            return Files.exists(file)
                    ? Pem.read(file).certificates().stream().findFirst()
                    : Optional.empty();
        }

        /** The identity in {@code server.pem}; empty if it isn't whole or not of this authority. */
        private Optional<Identity> kept(X509Certificate authority) {
            Path file = folder.resolve("server.pem");
            try {
                if (!Files.exists(file)) {
                    return Optional.empty();
                }
                Pem.Content content = Pem.read(file);
                if (content.certificates().isEmpty() || content.key().isEmpty()) {
                    return Optional.empty();
                }
                X509Certificate leaf = content.certificates().getFirst();
                leaf.verify(authority.getPublicKey());
                return belongTogether(leaf, content.key().get())
                        ? Optional.of(new Identity(List.of(leaf, authority), content.key().get()))
                        : Optional.empty();
            } catch (IOException | GeneralSecurityException torn) {
                return Optional.empty();
            }
        }

        private boolean due(X509Certificate leaf, Instant now) throws GeneralSecurityException {
            Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
            Set<String> named = new TreeSet<>();
            if (alternatives != null) {
                alternatives.forEach(one -> named.add(canonical(String.valueOf(one.get(1)))));
            }
            boolean covers = names.stream().allMatch(name -> named.contains(canonical(name)));
            return !covers
                    || now.isAfter(leaf.getNotAfter().toInstant().minus(RENEW_BEFORE))
                    || now.isBefore(leaf.getNotBefore().toInstant());
        }

        private static String canonical(String name) {
            return "0:0:0:0:0:0:0:1".equals(name) ? "::1" : name;
        }

        private static PrivateKey decode(Secret secret) throws GeneralSecurityException {
            byte[] bytes = secret.exposeSecretBytes();
            try {
                return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes));
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }
    }

    private static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "EC", "ECDSA" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> key.getAlgorithm();
                };
        try {
            byte[] probe = certificate.getEncoded();
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(probe);
            byte[] signed = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate.getPublicKey());
            verifier.update(probe);
            return verifier.verify(signed);
        } catch (GeneralSecurityException different) {
            return false;
        }
    }
}
