package io.mailkeep.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.kernel.Claim;
import io.mailkeep.smtp.internal.Reply;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A reply is one line, or says itself where the next begins (RFC 5321 4.2)")
class ReplyTest {
    @ParameterizedTest
    @ValueSource(strings = {"\r\n250 2.0.0 Forged", "\n", "\r", "\0", "\u001f", "\u007f"})
    @Claim("ATK-06")
    void whatAClientSaidNeverBeginsAnotherReply(String said) {
        assertThatThrownBy(() -> Reply.of(550, "5.1.1", "Nobody is called a" + said + "b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachLineHasItsCodes() {
        assertThat(Reply.plain(250, "a", "b").text()).isEqualTo("250-a\r\n250 b\r\n");
        assertThat(Reply.of(250, "2.0.0", "ä").text()).isEqualTo("250 2.0.0 ä\r\n");
    }
}
