package io.mailkeep.keys;

import io.mailkeep.keys.Mutant.Patch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rules of the key tree's scheme, each with the change of our code that breaks it. */
final class Mutations {
    private Mutations() {}

    /** Buckets of three, so that a short trace fills some. */
    static final Patch SMALL_BUCKETS =
            new Patch(
                    "Rekeying.java",
                    "static final int BUCKET_MAX = 256;",
                    "static final int BUCKET_MAX = 3;");

    static Map<String, List<Patch>> all() {
        Map<String, List<Patch>> all = new LinkedHashMap<>();
        orderOfSteps(all);
        whatGetsNewKeys(all);
        whatAStartDoes(all);
        whatIsInFlight(all);
        return all;
    }

    private static void put(
            Map<String, List<Patch>> all, String rule, String file, String before, String after) {
        all.put(rule, List.of(new Patch(file, before, after)));
    }

    private static void orderOfSteps(Map<String, List<Patch>> all) {
        put(
                all,
                "the new epoch key is in every folder before the commit",
                "EpochChange.java",
                "tree.device.put(epoch); tree.ring.add(epoch); return after; }); tree.device.mark(",
                "tree.ring.add(epoch); return after; });"
                        + " tree.device.put(tree.ring.epochs().getFirst()); tree.device.mark(");
        put(
                all,
                "marked only when committed",
                "EpochChange.java",
                "tree.device.put(epoch);",
                "tree.device.put(epoch); tree.device.mark(epoch.number());");
        put(
                all,
                "old keys are erased only after the commit",
                "EpochChange.java",
                "tree.device.put(epoch);",
                "tree.device.put(epoch); tree.device.eraseBefore(after);"
                        + " tree.device.eraseBefore(new State(epoch.number(), epoch.number()));");
        put(
                all,
                "the epoch key goes to every folder",
                "Device.java",
                "public synchronized void put(Epoch epoch) {".replace("public ", ""),
                "synchronized void put(Epoch epoch) { if (true) { KeyFolder folder ="
                        + " good(look()).getFirst(); write(folder, \"root.key\","
                        + " KeyFolder.rootContent(Map.of(epoch.rootId(), epoch.root())));"
                        + " write(folder, epochName(epoch.number()),"
                        + " KeyFolder.epochContent(epoch)); return; }");
        put(
                all,
                "epoch numbers are never reused",
                "EpochChange.java",
                "1 + Math.max(tree.device.highest(), Math.max(state.epoch(), state.other()))",
                "1 + state.epoch()");
        put(
                all,
                "a higher key isn't forgotten while its change may still commit",
                "Device.java",
                "new TreeSet<>(folder.numbers.headSet(state.epoch()));",
                "new TreeSet<>(folder.numbers); gone.remove(state.epoch());");
        put(
                all,
                "the two newest epochs are kept",
                "EpochChange.java",
                "new State(epoch.number(), state.epoch())",
                "new State(epoch.number(), epoch.number())");
        put(
                all,
                "older epoch keys are erased",
                "Device.java",
                "gone.remove(state.other());",
                "gone.clear();");
        put(
                all,
                "complete only when the older keys are erased",
                "EpochChange.java",
                ".filter(tomb -> tomb.epoch() <= oldest.getAsLong())",
                ".filter(tomb -> true)");
        put(
                all,
                "a folder that isn't at hand holds up the end of destruction",
                "Device.java",
                "if (good(found).size() < found.size()) {",
                "if (found.isEmpty()) {");
        put(
                all,
                "a folder that isn't at hand puts the change off",
                "EpochChange.java",
                "if (missing.isPresent()) {",
                "if (missing.isPresent() && missing.get().isEmpty()) {");
        put(
                all,
                "the old root stays until its epochs are erased",
                "Device.java",
                "Map<KeyId, byte[]> roots = folder.roots(); if (roots.putIfAbsent(",
                "Map<KeyId, byte[]> roots = new java.util.HashMap<>(); if (roots.putIfAbsent(");
    }

    private static void whatGetsNewKeys(Map<String, List<Patch>> all) {
        all.put(
                "no key is stored in clear",
                List.of(
                        new Patch(
                                "Wraps.java",
                                "byte[] out = new byte[1 + sealed.length];",
                                "byte[] out = new byte[1 + sealed.length + clear.length];"
                                        + " System.arraycopy(clear, 0, out, 1 + sealed.length,"
                                        + " clear.length);"),
                        new Patch(
                                "Wraps.java",
                                "return Sealing.openWithNonce(key, wrap, 1, aad, what);",
                                "return Sealing.openWithNonce(key, java.util.Arrays.copyOf(wrap,"
                                        + " wrap.length - (wrap.length - 29) / 2), 1, aad,"
                                        + " what);")));
        all.put(
                "keys aren't to be guessed",
                List.of(
                        new Patch(
                                "EpochChange.java",
                                "newRoot ? tree.freshKey() : current.root().clone(),"
                                        + " tree.freshKey());",
                                "new byte[32], new byte[32]);"),
                        new Patch(
                                "Device.java",
                                "randomness.bytes(Sealing.KEY_BYTES),"
                                        + " randomness.bytes(Sealing.KEY_BYTES)));",
                                "new byte[32], new byte[32]));")));
        put(
                all,
                "each epoch has a key of its own",
                "EpochChange.java",
                "newRoot ? tree.freshKey() : current.root().clone(), tree.freshKey());",
                "newRoot ? tree.freshKey() : current.root().clone(), current.key().clone());");
        put(
                all,
                "the top lies under the epoch key, too",
                "Wraps.java",
                "return wrap(epoch.root(), wrap(epoch.key(), key, aad), aad);",
                "return wrap(epoch.root(), wrap(epoch.root(), key, aad), aad);");
        all.put(
                "the top lies under the epoch key, too",
                List.of(
                        new Patch(
                                "Wraps.java",
                                "return wrap(epoch.root(), wrap(epoch.key(), key, aad), aad);",
                                "return wrap(epoch.root(), wrap(new byte[32], key, aad), aad);"),
                        new Patch(
                                "Wraps.java",
                                "return unwrap(epoch.key(), inner, aad, \"a tenant's key\");",
                                "return unwrap(new byte[32], inner, aad, \"a tenant's key\");"),
                        new Patch("Wraps.java", ".and(epoch.number()).bytes();", ".bytes();")));
        put(
                all,
                "a doomed leaf is never written under a new key",
                "Rekey.java",
                "takeOut(tx, place, doomed); Rekeying.Plan plan",
                "takeOut(tx, place, Set.of()); Rekeying.Plan plan");
        all.put(
                "a doomed leaf is never written under a new key",
                List.of(
                        new Patch("Rekey.java", "tx.removeLeaves(place.tenant(), doomed);", ""),
                        new Patch(
                                "Rekey.java",
                                "tx.put(Rows.dirty(ofClass));",
                                "tx.put(Rows.dirty(ofClass)); tx.removeLeaves(place.tenant(),"
                                        + " doomed);")));
        put(
                all,
                "phase a leaves the class dirty",
                "Rekey.java",
                "tx.put(Rows.dirty(ofClass));",
                "");
        put(
                all,
                "the holder of a doomed leaf gets a new key",
                "Rekey.java",
                "ifPresent(row -> tx.put(Rows.dirty(row)));",
                "ifPresent(row -> {});");
        put(
                all,
                "every dirty node is re-keyed with all above it",
                "EpochChange.java",
                "while (row.isPresent() && nodes.add(row.get().node())) {",
                "if (row.isPresent() && nodes.add(row.get().node())) {");
        put(
                all,
                "a dirty routing node is re-keyed",
                "EpochChange.java",
                "renewed.contains(row.node()) || row.dirty()",
                "row.kind() != NodeKind.ROUTING && renewed.contains(row.node())");
        put(
                all,
                "a dirty bucket is re-keyed",
                "EpochChange.java",
                "renewed.contains(row.node()) || row.dirty()",
                "row.kind() != NodeKind.BUCKET && renewed.contains(row.node())");
        put(
                all,
                "a re-keyed mailbox gets a new pair",
                "Rekeying.java",
                "tx.put(Nodes.freshPair(tree, held.after(), held.afterKey())); return old;",
                "tx.put(new PairRow(old.tenant(), old.node(), old.pair(), old.suite(),"
                        + " old.publicKey(), tree.wraps.pair(old.tenant(), old.node(),"
                        + " old.pair(), held.afterKey(), tree.wraps.openPair(old,"
                        + " held.beforeKey())))); return old;");
        put(
                all,
                "the tail is settled when its pair goes",
                "Rekeying.java",
                "settle(tail, pair, held); } }",
                "} }");
        put(
                all,
                "a rotation renews all below",
                "Rotation.java",
                "row -> row.kind() != NodeKind.BUCKET, true, true)",
                "row -> row.kind() != NodeKind.BUCKET && row.kind() != NodeKind.MAILBOX, true,"
                        + " true)");
        put(
                all,
                "a rotation freezes the buckets",
                "Rotation.java",
                "row -> row.kind() != NodeKind.BUCKET, true, true)",
                "row -> row.kind() != NodeKind.BUCKET, true, false)");
    }

    private static void whatAStartDoes(Map<String, List<Patch>> all) {
        put(
                all,
                "a higher committed epoch in a folder is noticed",
                "Recovery.java",
                "mark > Math.max(epoch, other)",
                "mark > Math.max(epoch, other) + 1000");
        put(
                all,
                "old data never gets new keys",
                "Recovery.java",
                "if (!have.contains(epoch)) {",
                "if (!have.contains(epoch)) { if (epoch > 0) { return new"
                        + " Finding.First(folders); }");
        put(
                all,
                "a folder that lacks the keys gets them",
                "Recovery.java",
                "tree.device.sync(state.epoch());",
                "tree.device.mark(state.epoch());");
        put(
                all,
                "an accepted rollback keeps the highest epoch as the other",
                "Recovery.java",
                "highest > before.epoch() ? highest : kept",
                "kept");
        put(
                all,
                "an accepted rollback distrusts every node",
                "Recovery.java",
                ".ifPresent(top -> distrust(tx, top));",
                ".isPresent();");
        put(
                all,
                "an interrupted change is finished at the next start",
                "Recovery.java",
                "EpochChange.finish(tree, state);",
                "");
    }

    private static void whatIsInFlight(Map<String, List<Patch>> all) {
        put(
                all,
                "a settler marks its bucket open first",
                "Settler.java",
                "NodeRow opened = Rows.open(child, Optional.of(token));",
                "NodeRow opened = Rows.open(child, Optional.empty());");
        all.put(
                "an open bucket is re-keyed",
                List.of(
                        new Patch(
                                "Rekey.java",
                                "|| row.dirty() || row.openToken().isPresent()",
                                "|| row.dirty()"),
                        new Patch(
                                "EpochChange.java",
                                "|| row.dirty() || row.openToken().isPresent()",
                                "|| row.dirty()")));
        all.put(
                "wraps are committed only under the key they were made with",
                List.of(
                        new Patch(
                                "Settler.java",
                                "int settled = tx.replace(before.tenant(), work.wraps());",
                                "int settled = work.wraps().size();"
                                        + " work.wraps().values().forEach(tx::put);"),
                        new Patch("Settler.java", "|| !now.get().key().equals(before.key())", ""),
                        new Patch(
                                "Settler.java",
                                "|| !now.get().openToken().equals(before.openToken())",
                                ""),
                        new Patch(
                                "Settler.java",
                                "|| !pair.get().pair().equals(work.pair().pair())",
                                "")));
        put(
                all,
                "a public key isn't remembered past a change",
                "PublicKeys.java",
                "known != null && known.generation() == generation",
                "known != null && known.generation() <= generation");
    }
}
