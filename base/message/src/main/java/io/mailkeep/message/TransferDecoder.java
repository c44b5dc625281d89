package io.mailkeep.message;

import io.mailkeep.message.internal.QuotedPrintable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.james.mime4j.codec.Base64InputStream;
import org.apache.james.mime4j.codec.DecodeMonitor;

/**
 * Removes a content transfer encoding (RFC 2045 6) as a stream, in constant memory; never fails on
 * content: what isn't of the alphabet is skipped, or left as it is.
 */
public final class TransferDecoder {
    private TransferDecoder() {}

    /** Whether it is one of RFC 2045's; otherwise BINARY answers {@code UNKNOWN-CTE}. */
    public static boolean known(String encoding) {
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "7bit", "8bit", "binary", "base64", "quoted-printable" -> true;
            case String _ -> false;
        };
    }

    /** The decoded bytes; of an unknown encoding the bytes themselves. */
    public static InputStream decode(InputStream encoded, String encoding) {
        return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
            case "base64" -> new Lenient(encoded);
            case "quoted-printable" -> new QuotedPrintable(encoded);
            case String _ -> encoded;
        };
    }

    /** The library's stream, closing what it reads from. */
    private static final class Lenient extends FilterInputStream {
        private final InputStream encoded;

        Lenient(InputStream encoded) {
            super(new Base64InputStream(encoded, DecodeMonitor.SILENT));
            this.encoded = encoded;
        }

        @Override
        public void close() throws IOException {
            super.close();
            encoded.close();
        }
    }
}
