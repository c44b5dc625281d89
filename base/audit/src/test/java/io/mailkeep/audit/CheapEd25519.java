package io.mailkeep.audit;

import io.mailkeep.audit.internal.Merkle;
import java.io.ByteArrayOutputStream;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.SignatureSpi;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Stands before the real Ed25519 while a test runs thousands of logs: a signature is a hash.
 * Signing and verifying took nine tenths of a seed's time, and what a disk does to a log doesn't
 * depend on them; every other test of this room has the real ones.
 */
final class CheapEd25519 implements AutoCloseable {
    private static final String NAME = "CheapEd25519";

    CheapEd25519() {
        Security.insertProviderAt(new Cheap(), 1);
    }

    @Override
    public void close() {
        Security.removeProvider(NAME);
    }

    private static final class Cheap extends Provider {
        private static final long serialVersionUID = 1L;

        Cheap() {
            super(NAME, "1", "hashes in the place of signatures");
            put("Signature.Ed25519", Hash.class.getName());
        }
    }

    /** A hash of what was signed, twice. */
    @SuppressWarnings("deprecation") // SignatureSpi asks for its deprecated parameters
    public static final class Hash extends SignatureSpi {
        private static final byte[] MARK = HexFormat.of().parseHex("6d61726b");
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();

        @Override
        protected void engineInitSign(PrivateKey key) {
            text.reset();
        }

        @Override
        protected void engineInitVerify(PublicKey key) {
            text.reset();
        }

        @Override
        protected void engineUpdate(byte one) {
            text.write(one);
        }

        @Override
        protected void engineUpdate(byte[] bytes, int from, int count) {
            text.write(bytes, from, count);
        }

        @Override
        protected byte[] engineSign() {
            text.writeBytes(MARK);
            byte[] hash = Merkle.sha256(text.toByteArray());
            byte[] twice = Arrays.copyOf(hash, 2 * hash.length);
            System.arraycopy(hash, 0, twice, hash.length, hash.length);
            return twice;
        }

        @Override
        protected boolean engineVerify(byte[] signature) {
            return Arrays.equals(signature, engineSign());
        }

        @Override
        protected void engineSetParameter(String name, Object value) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException();
        }
    }
}
