package io.mailkeep.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.audit.internal.Frontier;
import io.mailkeep.audit.internal.Merkle;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.EventType;
import io.mailkeep.kernel.SubjectId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is read is what was published, shown so that it can do nothing; roots and proofs are those
 * of RFC 9162 2.1.
 */
@Claim("DAT-6")
class ReadingTest {
    @TempDir Path folder;

    @Test
    @Claim("ATK-114")
    void readsOpensSealsAndShowsSafely() {
        Logs logs = new Logs(folder);
        logs.publish(300);
        String evil = "\u001b[2Jmal\u202eice\r\n1 2026 GRANTED";
        logs.trail.record(
                new Event(
                        EventType.SIGN_IN,
                        Event.INSTALLATION,
                        "module:imap",
                        Event.Decision.REFUSED,
                        evil,
                        Map.of("reason", "unknown"),
                        List.of(
                                new Event.Personal(
                                        new SubjectId(new UUID(5, 5)), "name", "al\u001bice"))));
        logs.publish(0);
        try (AuditLog log = logs.open()) {
            logs.until(() -> log.size() == 301);
        }
        LogReader reader = new LogReader(logs.b, logs.key.verifierKey(), logs.sealing);
        assertThat(reader.size()).isEqualTo(301);
        List<LoggedEntry> tail = reader.tail(3);
        assertThat(tail).extracting(LoggedEntry::index).containsExactly(298L, 299L, 300L);
        LoggedEntry last = tail.getLast();
        assertThat(last.object()).isEqualTo(evil);
        assertThat(last.personal()).containsEntry("name", "al\u001bice");
        assertThat(last.line())
                .contains(
                        "identity.sign-in REFUSED by module:imap on \\u{1b}[2Jmal\\u{202e}ice\\u{d}\\u{a}")
                .doesNotContain("\u001b", "\n", "\u202e");
        assertThat(reader.show(last.id()).orElseThrow().index()).isEqualTo(300);
        assertThat(reader.show(reader.show(7).orElseThrow().id()).orElseThrow().index())
                .isEqualTo(7);
        assertThat(reader.show(301)).isEmpty();
        List<LoggedEntry> refused = new ArrayList<>();
        reader.stream(0, one -> one.decision().equals("REFUSED"), refused::add);
        assertThat(refused).hasSize(1);
        logs.sealing.sealed = true;
        assertThat(reader.show(300).orElseThrow().personal()).containsEntry("name", "[sealed]");
        assertThat(reader.proof(300)).startsWith("c2sp.org/tlog-proof@v1\nindex 300\n");
    }

    @Test
    void rootsAndProofsAgreeWithTheDefinition() {
        List<byte[]> leaves = new ArrayList<>();
        Frontier tree = Frontier.empty();
        for (int size = 1; size <= 40; size++) {
            byte[] entry = {(byte) size, 7};
            leaves.add(Merkle.leaf(entry));
            tree = tree.append(List.of(entry)).next();
            byte[] root = Merkle.head(leaves);
            assertThat(tree.root()).isEqualTo(root);
            MerkleProof.Subtrees subtrees =
                    (height, index) ->
                            Merkle.head(
                                    leaves.subList(
                                            (int) (index << height),
                                            (int) ((index + 1) << height)));
            for (int index = 0; index < size; index++) {
                List<byte[]> proof = MerkleProof.inclusion(index, size, subtrees);
                assertThat(MerkleProof.included(leaves.get(index), index, size, proof, root))
                        .isTrue();
                for (int other = 0; other < size; other++) {
                    assertThat(MerkleProof.included(leaves.get(index), other, size, proof, root))
                            .isEqualTo(other == index);
                }
                byte[] older = Merkle.head(leaves.subList(0, index + 1));
                List<byte[]> same = MerkleProof.consistency(index + 1, size, subtrees);
                assertThat(MerkleProof.consistent(index + 1, older, size, root, same)).isTrue();
                byte[] forged = older.clone();
                forged[3] ^= 1;
                assertThat(MerkleProof.consistent(index + 1, forged, size, root, same)).isFalse();
                assertThat(MerkleProof.consistent(index + 1, older, size, forged, same)).isFalse();
            }
        }
    }

    @Test
    void theRightEdgeIsTheTreeAcrossLevels() {
        List<byte[]> entries = new ArrayList<>();
        List<byte[]> leaves = new ArrayList<>();
        for (int at = 0; at < 70_000; at++) {
            byte[] entry = {(byte) at, (byte) (at >> 8), (byte) (at >> 16)};
            entries.add(entry);
            leaves.add(Merkle.leaf(entry));
        }
        Frontier.Plan plan = Frontier.empty().append(entries);
        assertThat(plan.next().root()).isEqualTo(Merkle.head(leaves));
        // The numbers of c2sp.org/tlog-tiles.
        assertThat(plan.files())
                .extracting(Frontier.TileFile::path)
                .contains("tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17")
                .contains("tile/2/000.p/1", "tile/entries/273.p/112");
    }
}
