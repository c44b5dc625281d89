package io.mailkeep.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.message.EmailAddress;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Claim("ATK-90")
class NamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"ACME", "acme.", "ａｃｍｅ", "A.C.M.E", "ac me"})
    void companiesThatLookAlikeAreOne(String name) {
        assertThat(Names.tenantText(name)).isEqualTo(Names.tenantText("acme"));
    }

    @Test
    void othersAreNot() {
        assertThat(Names.tenantText("a/b")).isNotEqualTo(Names.tenantText("a%2Fb"));
        assertThat(Names.tenantText("é")).isEqualTo(Names.tenantText("e\u0301"));
        assertThat(Names.tenantText("acme①")).isEqualTo(Names.tenantText("acme1"));
        assertThat(Names.tenantText("...")).isNotEqualTo(Names.tenantText("///"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "ac\u200bme",
                "ac\u00adme",
                "ac\nme",
                "ac\0me",
                "ac  me",
                "ac\u202eme",
                "\ud800"
            })
    void invisibleNamesAreRefused(String name) {
        assertThat(Names.display(name)).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void namesHaveAHundredCharactersAtMost() {
        assertThat(Names.display("x".repeat(100))).isInstanceOf(Outcome.Done.class);
        assertThat(Names.display("x".repeat(101))).isInstanceOf(Outcome.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "example.test.",
                "exa\u200bmple.test",
                "..",
                "a..b",
                "",
                "10.0.0.1",
                "a b.test"
            })
    void domainsThatArentAreRefused(String domain) {
        assertThat(Names.domain(domain)).isInstanceOf(Outcome.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a+b@example.test",
                "a%b@example.test",
                "a!b@example.test",
                "\"a b\"@example.test",
                "a/b@example.test",
                "*@example.test"
            })
    void addressesThatMeanMoreArentAccounts(String address) {
        assertThat(Names.accountAddress(EmailAddress.parse(address).orElseThrow()))
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void textsAreApart() {
        EmailAddress address = EmailAddress.parse("Ann+x@Example.test").orElseThrow();
        TenantId one = new TenantId(new UUID(0, 1));
        assertThat(Names.addressText(one, address)).endsWith(" ann@example.test");
        assertThat(Names.addressText(one, address))
                .isNotEqualTo(Names.addressText(new TenantId(new UUID(0, 2)), address));
        assertThat(Names.domain("ＥＸＡＭＰＬＥ.test")).isEqualTo(Outcome.done("example.test"));
    }
}
