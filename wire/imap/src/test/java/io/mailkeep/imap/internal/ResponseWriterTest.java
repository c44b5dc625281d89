package io.mailkeep.imap.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.mailbox.FolderName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How strings are written, RFC 9051 4.3 and A. */
class ResponseWriterTest {
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final ResponseWriter out = new ResponseWriter(sent);

    private String sent() {
        return sent.toString(StandardCharsets.UTF_8);
    }

    @Test
    void contentDecidesTheForm() throws IOException {
        out.string("a\"b\\").raw(" ").nstring(Optional.empty()).raw(" ").string("");
        out.raw(" ").astring("atom").raw(" ").astring("NIL").raw(" ").astring("a b");
        assertThat(sent()).isEqualTo("\"a\\\"b\\\\\" NIL \"\" atom \"NIL\" \"a b\"");
    }

    @Test
    @Claim("ATK-49")
    void noContentBecomesProtocol() throws IOException {
        out.string("x\r\n* BYE y").raw(" ").string("a\0b");
        assertThat(sent()).isEqualTo("{10}\r\nx\r\n* BYE y {3}\r\na?b");
    }

    @Test
    void utf8IsQuotedOnlyAfterEnable() throws IOException {
        out.string("ä");
        assertThat(sent()).isEqualTo("{2}\r\nä");
        sent.reset();
        out.enableUtf8();
        out.string("ä");
        assertThat(sent()).isEqualTo("\"ä\"");
    }

    @Test
    void foldersAreModifiedUtf7UntilRev2() throws IOException {
        FolderName name = FolderName.parse("日本語&").orElseThrow();
        out.folder(name);
        assertThat(sent()).isEqualTo("\"&ZeVnLIqe-&-\"");
        sent.reset();
        out.enableUtf8();
        out.folder(name);
        assertThat(sent()).isEqualTo("\"日本語&\"");
    }

    @Test
    void aStreamThatEndsEarlyLeavesTheResponseBroken() {
        assertThatThrownBy(() -> out.literal("", 5, new ByteArrayInputStream(new byte[] {1, 2, 3})))
                .isInstanceOf(EOFException.class);
        assertThat(out.broken()).isTrue();
    }
}
