package io.mailkeep.net.internal;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Gives each handshake the certificate that is current at that time, so that a renewed one needs no
 * restart.
 *
 * <p>The alias is the certificate's serial number: a handshake that began before a change ends with
 * the identity that it began with, or fails; it never mixes two.
 */
public final class LiveCertificate extends X509ExtendedKeyManager {
    private final Supplier<Identity> current;

    /** Asks {@code current} once a handshake. */
    public LiveCertificate(Supplier<Identity> current) {
        this.current = current;
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return aliasFor(keyType);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return aliasFor(keyType);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Identity identity = current.get();
        return alias(identity).equals(alias)
                ? identity.chain().toArray(X509Certificate[]::new)
                : null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Identity identity = current.get();
        return alias(identity).equals(alias) ? identity.key() : null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = aliasFor(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    private @Nullable String aliasFor(String keyType) {
        Identity identity = current.get();
        return keyType.startsWith(identity.key().getAlgorithm()) ? alias(identity) : null;
    }

    private static String alias(Identity identity) {
        return identity.leaf().getSerialNumber().toString(16);
    }
}
