package io.mailkeep.testing.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {
    private static final String RATE = "LMTP";
    private static final String TIME = "SELECT";

    private final Report report = new Report();

    private void rate(String subject, double... rounds) {
        for (double round : rounds) {
            report.add(subject, List.of(new Value(RATE, "messages/s", true, round)));
        }
    }

    private void time(String subject, double... rounds) {
        for (double round : rounds) {
            report.add(subject, List.of(new Value(TIME, "ms", false, round)));
        }
    }

    private Report.Verdict verdict() {
        return report.rows().keySet().stream()
                .flatMap(row -> report.verdicts(row).stream())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theMedianOfRoundsCountsAndTheirSpreadIsToldAsPartOfIt() {
        rate("Mailkeep", 100, 400, 200);
        Report.Cell cell = report.rows().values().iterator().next().values().iterator().next();
        assertThat(cell.median()).isEqualTo(200);
        assertThat(cell.spread()).isEqualTo(1.5);
        assertThat(report.text()).contains("200  ±75 %");
    }

    @Test
    void moreIsBetterWhereItIsAndLessWhereThatIs() {
        rate("Mailkeep", 300);
        rate("Dovecot mdbox", 100);
        time("Mailkeep", 2);
        time("Dovecot mdbox", 8);
        assertThat(report.factor(new Report.Row(RATE, "messages/s", true), "Dovecot mdbox"))
                .hasValue(3.0);
        assertThat(report.factor(new Report.Row(TIME, "ms", false), "Dovecot mdbox")).hasValue(4.0);
    }

    @Test
    void aGoalIsHeldAgainstTheBestOfItsPeers() {
        report.aim(List.of(new Goal.Factor(RATE, Peer.DOVECOT, 3)));
        rate("Mailkeep", 250);
        rate("Dovecot Maildir", 50);
        rate("Dovecot mdbox", 100);
        rate("Dovecot mdbox, mail_crypt", 200);
        rate("Postfix → Dovecot mdbox", 240);
        assertThat(verdict().reached()).isEqualTo(2.5);
        assertThat(verdict().met()).isFalse();
        assertThat(report.text())
                .contains("missed   LMTP")
                .contains("≥ 3.00x Dovecot in clear: 2.50x, 83 % of it");
    }

    @Test
    void eachPeerIsWhoItIs() {
        String crypt = "Dovecot Maildir, mail_crypt";
        String pair = "Postfix → Dovecot mdbox";
        assertThat(Peer.POSTFIX.is(pair)).isTrue();
        assertThat(Peer.MDBOX.is("Dovecot mdbox")).isTrue();
        assertThat(Peer.MDBOX.is("Dovecot mdbox, mail_crypt")).isFalse();
        assertThat(Peer.ENCRYPTED.is(crypt)).isTrue();
        assertThat(List.of(Peer.values())).noneMatch(peer -> peer.is("Mailkeep"));
        assertThat(Peer.DOVECOT.is(crypt)).isFalse();
        assertThat(Peer.DOVECOT.is(pair)).isFalse();
    }

    @Test
    void lessIsReachedAtTheGoalAndMissedAboveIt() {
        report.aim(List.of(new Goal.Limit(TIME, 2)));
        time("Mailkeep", 2);
        assertThat(verdict().met()).isTrue();
        time("Mailkeep", 3, 4);
        assertThat(verdict().reached()).isEqualTo(3);
        assertThat(verdict().met()).isFalse();
        assertThat(verdict().part()).isCloseTo(0.667, within(0.001));
        assertThat(report.text()).contains("≤ 2.00: 3.00, 67 % of it");
    }

    @Test
    void aFactorThatIsJustReachedIsReached() {
        report.aim(List.of(new Goal.Factor(TIME, Peer.MDBOX, 4)));
        time("Mailkeep", 2);
        time("Dovecot mdbox", 8);
        assertThat(verdict().met()).isTrue();
        assertThat(report.text()).contains("reached  SELECT");
    }

    @Test
    void aGoalWithoutItsPeerIsOpenAndNoFigureIsMadeUp() {
        report.aim(List.of(new Goal.Factor(RATE, Peer.POSTFIX, 8), new Goal.Limit(TIME, 1)));
        rate("Mailkeep", 250);
        rate("Dovecot mdbox", 1);
        report.lose(TIME, "Mailkeep", "no such row");
        assertThat(report.rows().keySet().stream().flatMap(row -> report.verdicts(row).stream()))
                .isEmpty();
        assertThat(report.isLost(TIME, "Mailkeep")).isTrue();
        assertThat(report.isLost(TIME, "Dovecot mdbox")).isFalse();
        assertThat(report.text())
                .contains("open     LMTP")
                .contains("open     SELECT")
                .contains("Mailkeep, SELECT: no such row");
    }

    @Test
    void programsReadTheSame(@TempDir Path folder) throws IOException {
        report.aim(List.of(new Goal.Factor(RATE, Peer.DOVECOT, 3)));
        rate("Mailkeep", 250, 260, 270);
        rate("Dovecot mdbox", 100, 100, 100);
        report.lose(TIME, "Dovecot mdbox", "gone");
        Path file = folder.resolve("bench.json");
        report.json(file, 3, 1);
        JsonNode all = JsonMapper.shared().readTree(file.toFile());
        JsonNode row = all.path("rows").path(0);
        assertThat(row.path("servers").path(0).path("median").asDouble()).isEqualTo(260);
        assertThat(row.path("servers").path(1).path("mailkeepIsBetterBy").asDouble())
                .isEqualTo(2.6);
        assertThat(row.path("goals").path(0).path("met").asBoolean(true)).isFalse();
        assertThat(all.path("notMeasured").path(0).path("why").asString()).isEqualTo("gone");
    }

    @Test
    void thePictureShowsEachServerAndWhatBecameOfTheGoal(@TempDir Path folder) throws Exception {
        report.aim(List.of(new Goal.Factor(RATE, Peer.DOVECOT, 3), new Goal.Limit(TIME, 5)));
        rate("Mailkeep", 250, 260, 270);
        rate("Dovecot mdbox", 100);
        time("Mailkeep", 0);
        Path file = folder.resolve("bench.svg");
        Picture.of(report, file);
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        assertThat(Files.readString(file))
                .contains(">Mailkeep</text>", ">Dovecot mdbox</text>")
                .contains("✕ missed, 87 % of it: goal ≥ 3.00x Dovecot in clear")
                .contains("✓ reached: goal ≤ 5.00")
                .doesNotContain("NaN")
                .doesNotContain("Infinity");
    }
}
