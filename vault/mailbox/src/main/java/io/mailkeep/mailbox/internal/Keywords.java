package io.mailkeep.mailbox.internal;

import io.mailkeep.database.HolderRekeyed;
import io.mailkeep.kernel.LeafId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.TenantId;
import io.mailkeep.keys.LeafKind;
import io.mailkeep.mailbox.Flags;
import io.mailkeep.mailbox.MessageRow;
import io.mailkeep.mailbox.Refusal;
import io.mailkeep.tickets.Access;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The keywords of one mailbox: at most 63, each a bit in its rows and a name as cipher text. A bit
 * never changes its meaning, so what was read once holds for as long as this object lives.
 */
public final class Keywords {
    /** How many a mailbox may have: the bits of a positive 64-bit number. */
    public static final int MOST = 63;

    private final Parts parts;
    private final Access access;
    private final TenantId tenant;
    private final MailboxId mailbox;
    private final Names names;
    private Map<Integer, String> known = Map.of();
    private final Map<Long, Map<Integer, Flags>> made = new HashMap<>();

    private record Row(int bit, Names.Sealed name) {}

    public Keywords(Parts parts, Access access) {
        this.parts = parts;
        this.access = access;
        this.tenant = access.tenant();
        this.mailbox = access.requireMailbox();
        this.names = new Names(parts.backing().readingKeys(), access, tenant, mailbox);
    }

    /** Reads the dictionary: bit → spelling. */
    public Map<Integer, String> names() {
        List<Row> rows =
                parts.backing().rows().reading(tenant, tx -> rows(tx.sql(), tenant, mailbox));
        Map<LeafId, String> clear =
                names.open(LeafKind.KEYWORD, rows.stream().map(Row::name).toList());
        Map<Integer, String> all = new HashMap<>();
        for (Row row : rows) {
            String name = clear.get(row.name().leaf());
            if (name != null) {
                all.put(row.bit(), name);
            }
        }
        known = all;
        return all;
    }

    /** Rows as callers see them. */
    public List<MessageRow> shown(List<MessageTable.Row> rows) {
        long used = 0;
        for (MessageTable.Row row : rows) {
            used |= row.keywords();
        }
        if ((used & ~bits(known.keySet())) != 0) {
            names();
        }
        return rows.stream().map(this::shown).toList();
    }

    /**
     * The bits of these keywords, compared without case; those that are new get one if {@code
     * make}, or none.
     */
    public Outcome<Long> bits(Set<String> wanted, boolean make) {
        if (wanted.isEmpty()) {
            return Outcome.done(0L);
        }
        for (int attempt = 0; attempt < parts.limits().attempts(); attempt++) {
            parts.pause(attempt);
            Map<Integer, String> before = names();
            Map<String, Integer> there = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            before.forEach((bit, name) -> there.put(name, bit));
            long bits = 0;
            List<String> missing = new ArrayList<>();
            for (String one : wanted) {
                Integer bit = there.get(one);
                if (bit == null) {
                    missing.add(one);
                } else {
                    bits |= 1L << bit;
                }
            }
            if (missing.isEmpty() || !make) {
                return Outcome.done(bits);
            }
            Optional<Outcome<Long>> added = add(missing);
            if (added.isPresent()) {
                long old = bits;
                return added.get().map(more -> more | old);
            }
        }
        throw Parts.contended("keyword");
    }

    /** Empty if another session added keywords, or a key changed, meanwhile. */
    private Optional<Outcome<Long>> add(List<String> missing) {
        Set<Integer> seen = new HashSet<>(known.keySet());
        List<Names.Fresh> fresh =
                missing.stream().map(one -> names.seal(LeafKind.KEYWORD, one)).toList();
        try {
            return parts.backing()
                    .rows()
                    .inTenant(
                            access,
                            tx -> {
                                FolderTable table = new FolderTable(tx.sql(), tenant, mailbox);
                                table.lock();
                                List<Row> rows = rows(tx.sql(), tenant, mailbox);
                                if (rows.size() + fresh.size() > MOST) {
                                    return Optional.of(
                                            Outcome.failed(Refusal.LIMIT_KEYWORDS.problem()));
                                }
                                Set<Integer> taken = new HashSet<>();
                                rows.forEach(row -> taken.add(row.bit()));
                                if (!taken.equals(seen)) {
                                    return Optional.empty();
                                }
                                return Optional.of(
                                        Outcome.done(insert(tx.sql(), table, taken, fresh)));
                            });
        } catch (HolderRekeyed stale) {
            return Optional.empty();
        }
    }

    private long insert(
            JdbcClient sql, FolderTable table, Set<Integer> taken, List<Names.Fresh> fresh) {
        long bits = 0;
        int bit = 0;
        for (Names.Fresh one : fresh) {
            while (taken.contains(bit)) {
                bit++;
            }
            taken.add(bit);
            bits |= 1L << bit;
            table.putLeaf(one.leaf());
            sql.sql(
                            """
                            insert into mailbox.keyword (tenant_id, mailbox_id, bit, leaf_id, name)
                            values (:tenant, :mailbox, :bit, :leaf, :name)
                            """)
                    .param("tenant", tenant.value())
                    .param("mailbox", mailbox.value())
                    .param("bit", bit)
                    .param("leaf", one.leaf().leaf().value())
                    .param("name", one.name())
                    .update();
        }
        return bits;
    }

    private MessageRow shown(MessageTable.Row row) {
        return new MessageRow(
                row.copy(),
                row.uid(),
                row.modSeq(),
                flags(row.flags(), row.keywords()),
                row.received(),
                row.saved(),
                row.size());
    }

    /** One object a combination: a folder of 100,000 messages has few of them. */
    private Flags flags(int system, long keywords) {
        return made.computeIfAbsent(keywords, _ -> new HashMap<>())
                .computeIfAbsent(
                        system,
                        bits -> {
                            Set<String> spelled = new HashSet<>();
                            known.forEach((bit, name) -> {
                                if ((keywords & 1L << bit) != 0) {
                                    spelled.add(name);
                                }
                            });
                            return new Flags(FlagBits.flags(bits), spelled);
                        });
    }

    private static long bits(Set<Integer> numbers) {
        long bits = 0;
        for (int one : numbers) {
            bits |= 1L << one;
        }
        return bits;
    }

    private static List<Row> rows(JdbcClient sql, TenantId tenant, MailboxId mailbox) {
        return sql.sql(
                        """
                        select bit, leaf_id, name from mailbox.keyword
                        where tenant_id = :tenant and mailbox_id = :mailbox
                        """)
                .param("tenant", tenant.value())
                .param("mailbox", mailbox.value())
                .query((row, _) ->
                        new Row(
                                row.getInt("bit"),
                                new Names.Sealed(
                                        new LeafId(row.getObject("leaf_id", UUID.class)),
                                        row.getBytes("name"))))
                .list();
    }
}
