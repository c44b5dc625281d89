package io.mailkeep.mailbox;

import static io.mailkeep.mailbox.StoreFixture.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.mailkeep.audit.Event;
import io.mailkeep.database.DatabaseLocation;
import io.mailkeep.kernel.BlobId;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.DataClass;
import io.mailkeep.kernel.FolderId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Uid;
import io.mailkeep.keys.CopyKeys;
import io.mailkeep.keys.KeysState;
import io.mailkeep.keys.SealedCopy;
import io.mailkeep.mailbox.Flags.Flag;
import io.mailkeep.mailbox.Mailbox.FlagChange;
import io.mailkeep.mailbox.StoreFixture.Person;
import io.mailkeep.mailbox.internal.HeaderEntry;
import io.mailkeep.mailbox.internal.Meta;
import io.mailkeep.segments.StoredBlob;
import io.mailkeep.segments.Writing;
import io.mailkeep.testing.sim.SimTime;
import io.mailkeep.tickets.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A real database that went back, the operator's acceptance, and what is there afterwards. */
@Claim("DAT-5")
class RebuildTest {
    private StoreFixture store;
    private Person person;
    private Person other;

    @BeforeEach
    void open() {
        store = StoreFixture.open();
        person = store.person();
        other = store.person(person.tenant());
    }

    /** Closing runs the doctor over rows, bodies and keys. */
    @AfterEach
    void close() {
        store.close();
    }

    @Test
    @DisplayName("Acknowledged since: there again byte-identical, or reported; epochs go on")
    void later() {
        store.deliver(person, "before");
        store.deliver(other, "doomed");
        long validity = store.inbox(person).uidValidity();
        DatabaseLocation.External snapshot = store.snapshot();

        CopyId later = deliver(person, Optional.empty(), "later");
        FolderId made =
                done(folders().create(FolderName.parse("Made").orElseThrow(), SpecialUse.NONE))
                        .id();
        deliver(person, Optional.of(made), "into a folder made since");
        store.deliver(other, "openable");
        destroy(other, false, "doomed");
        CopyId lost = deliver(other, Optional.empty(), "under the renewed pair");

        store.goBack(snapshot);
        assertThat(store.keys().state())
                .isInstanceOfSatisfying(
                        KeysState.Sealed.class,
                        sealed -> {
                            assertThat(sealed.reason()).contains("went back");
                            assertThat(sealed.advice()).contains("doctor --accept-rollback");
                        });

        Rebuild.Report report = accept();
        assertThat(report.back()).isEqualTo(3);
        assertThat(report.lost())
                .singleElement()
                .asString()
                .startsWith(lost.toString())
                .contains("renewed", other.mailbox().toString());
        assertThat(store.told("segments.repaired", lost.toString())).isTrue();
        assertThat(store.told("segments.repaired", later.toString(), "rebuilt")).isTrue();
        assertThat(texts(person)).containsExactly("before", "into a folder made since", "later");
        assertThat(texts(other)).containsExactly("doomed", "openable");
        assertThat(store.inbox(person).uidValidity()).isGreaterThan(validity);

        destroy(other, true, "doomed");
        store.restart();
        assertThat(store.keys().state()).isInstanceOf(KeysState.Unsealed.class);
        assertThat(texts(person)).containsExactly("before", "into a folder made since", "later");
        assertThat(texts(other)).containsExactly("openable");
    }

    @Test
    @DisplayName("Cut short, it is run again; accepted, nothing of it is run a second time")
    void again() {
        store.deliver(person, "before");
        DatabaseLocation.External snapshot = store.snapshot();
        store.deliver(person, "later");
        destroy(person, false);
        store.goBack(snapshot);
        // A crash between rebuilding and the commit of the acceptance.
        assertThat(rebuild().back()).isEqualTo(1);
        store.restart();
        assertThat(store.keys().state()).isInstanceOf(KeysState.Sealed.class);
        assertThat(accept().back()).isZero();
        assertThat(texts(person)).containsExactly("before", "later");
        store.restart();
        long validity = store.inbox(person).uidValidity();
        List<Rebuild.Report> runs = new ArrayList<>();
        done(
                store.admin()
                        .acceptRollback(
                                store.module(Operation.KEYS, Event.INSTALLATION),
                                () -> runs.add(rebuild())));
        assertThat(runs).as("nothing went back").isEmpty();
        assertThat(store.inbox(person).uidValidity()).isEqualTo(validity);
    }

    @Test
    @DisplayName("A copy that took another's place takes it again; a destroyed one stays away")
    void predecessors() {
        CopyId first = deliver(person, Optional.empty(), "first");
        store.deliver(other, "gone before");
        destroy(other, true, "gone before");
        DatabaseLocation.External snapshot = store.snapshot();
        destroy(person, false);
        // As a move into another class leaves it on the volume.
        append(header("second", store.id(), Optional.of(first)));
        store.goBack(snapshot);
        assertThat(accept()).isEqualTo(new Rebuild.Report(1, List.of()));
        assertThat(texts(person)).containsExactly("second");
        assertThat(texts(other)).isEmpty();
    }

    @Test
    @DisplayName("A header brings its message back as it was delivered, or names it")
    void headers() throws Exception {
        FolderName name = FolderName.parse("Kept").orElseThrow();
        done(folders().create(name, SpecialUse.NONE));
        store.deliver(person, "doomed");
        DatabaseLocation.External snapshot = store.snapshot();

        append(header("never acknowledged", store.id(), Optional.empty()));
        Delivery plain = store.delivery(person, store.id(), store.message("filed"));
        Delivery filed =
                new Delivery(
                        plain.access(),
                        plain.id(),
                        Optional.of(folder(name).id()),
                        plain.message(),
                        plain.trace(),
                        new Flags(Set.of(Flag.SEEN, Flag.DRAFT), Set.of()),
                        Instant.parse("2020-02-29T12:00:00Z"),
                        plain.standing(),
                        plain.facts());
        done(store.mailboxes().dropbox().deliver(List.of(filed)).getFirst());
        store.restart();
        assertThat(store.sweep()).isOne();
        StoredBlob damaged = append(header("damaged", store.id(), Optional.empty()));
        // Sealed again since its pair was renewed: the copy has two headers, one of which counts.
        CopyId twice = store.id();
        Writing before = header("twice", twice, Optional.empty());
        destroy(person, false, "doomed");
        append(header("twice", twice, Optional.empty()));
        append(before);
        Writing strange = header("strange", store.id(), Optional.empty());
        append(
                new Writing(
                        strange.access(),
                        strange.blob(),
                        strange.dataClass(),
                        strange.body(),
                        strange.bodyKey(),
                        List.of(new byte[] {9})));

        store.goBack(snapshot);
        flip(damaged);
        Rebuild.Report report = accept();
        flip(damaged);
        MessageRow row =
                store.mailbox(person, Operation.READ).messages(folder(name).id()).getFirst();
        SoftAssertions.assertSoftly(softly -> {
            softly.assertThat(report.back()).isEqualTo(2);
            softly.assertThat(report.lost()).hasSize(2);
            softly.assertThat(report.lost()).anyMatch(one -> one.endsWith("its body is damaged"));
            softly.assertThat(report.lost())
                    .anyMatch(one -> one.startsWith(strange.blob().toString()));
            softly.assertThat(report.lost()).noneMatch(one -> one.startsWith(twice.toString()));
            softly.assertThat(texts(person)).containsExactly("doomed", "filed", "twice");
            softly.assertThat(row.copy()).isEqualTo(filed.id());
            softly.assertThat(row.flags()).isEqualTo(filed.flags());
            softly.assertThat(row.received()).isEqualTo(filed.received());
            softly.assertThat(row.size())
                    .isEqualTo(filed.trace().length + filed.message().body().size());
        });
    }

    @Test
    @DisplayName("RFC 9051 2.3.1.1: UIDVALIDITYs are above what a lost folder had, now and later")
    void validities() {
        Instant late = Instant.parse("2100-01-01T00:00:00Z");
        SimTime time = new SimTime();
        time.setWall(late);
        new Rebuild(store.backing(), time)
                .run(store.module(Operation.MAINTAIN, Event.INSTALLATION));
        long validity = store.inbox(person).uidValidity();
        assertThat(validity).isGreaterThan(late.getEpochSecond());
        Folder made =
                done(folders().create(FolderName.parse("New").orElseThrow(), SpecialUse.NONE));
        assertThat(made.uidValidity()).isGreaterThan(validity);
    }

    /** What a delivery leaves on the volume before its rows are stored. */
    private Writing header(String text, CopyId copy, Optional<CopyId> predecessor) {
        Incoming message = store.message(text);
        CopyKeys keys = store.keys().delivery().fresh();
        SealedCopy sealed =
                store.keys()
                        .delivery()
                        .seal(
                                store.access(person, Operation.WRITE),
                                DataClass.SENSITIVE,
                                copy,
                                keys);
        HeaderEntry entry =
                new HeaderEntry(
                        person.mailbox(),
                        sealed,
                        Optional.empty(),
                        new Meta(new byte[0], message.outline())
                                .seal(keys, person.tenant(), person.mailbox(), copy),
                        0,
                        Instant.parse("2026-11-24T12:00:00Z"),
                        message.body().size(),
                        predecessor);
        return new Writing(
                store.access(person, Operation.WRITE),
                new BlobId(store.id().value()),
                DataClass.SENSITIVE,
                message.body(),
                keys.body(),
                List.of(entry.encode()));
    }

    private StoredBlob append(Writing writing) {
        return store.segments().append(List.of(writing)).getFirst();
    }

    /** Turns the bits of a body's last byte over. */
    private void flip(StoredBlob blob) throws IOException {
        try (Stream<Path> files = Files.walk(store.folder().resolve("volumes"))) {
            Path segment =
                    files.filter(file -> file.toString().endsWith(blob.segment() + ".seg"))
                            .findFirst()
                            .orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
                file.seek(blob.position() + blob.stored() - 1);
                int last = file.read();
                file.seek(blob.position() + blob.stored() - 1);
                file.write(~last);
            }
        }
    }

    private Folder folder(FolderName name) {
        return store.mailbox(person, Operation.READ).folder(name).orElseThrow();
    }

    private Mailbox folders() {
        return store.mailbox(person, Operation.FOLDERS);
    }

    private Rebuild.Report rebuild() {
        return new Rebuild(store.backing(), io.mailkeep.kernel.Time.system())
                .run(store.module(Operation.MAINTAIN, Event.INSTALLATION));
    }

    private Rebuild.Report accept() {
        List<Rebuild.Report> reports = new ArrayList<>();
        Outcome<KeysState> accepted =
                store.admin()
                        .acceptRollback(
                                store.module(Operation.KEYS, Event.INSTALLATION),
                                () -> reports.add(rebuild()));
        assertThat(done(accepted)).isInstanceOf(KeysState.Unsealed.class);
        return reports.getFirst();
    }

    private CopyId deliver(Person to, Optional<FolderId> folder, String text) {
        CopyId id = store.id();
        Delivery plain = store.delivery(to, id, store.message(text));
        Delivery delivery =
                new Delivery(
                        plain.access(),
                        id,
                        folder,
                        plain.message(),
                        new byte[0],
                        plain.flags(),
                        plain.received(),
                        plain.standing(),
                        plain.facts());
        done(store.mailboxes().dropbox().deliver(List.of(delivery)).getFirst());
        return id;
    }

    /** Expunges what has this text, and destroys it: with two epoch changes, or begun with one. */
    private void destroy(Person of, boolean now, String... texts) {
        Folder inbox = store.inbox(of);
        Set<Uid> uids = new TreeSet<>();
        store.mailbox(of, Operation.READ)
                .open(
                        inbox.id(),
                        store.mailbox(of, Operation.READ).messages(inbox.id()).stream()
                                .map(MessageRow::uid)
                                .toList(),
                        "FETCH",
                        opened -> {
                            if (List.of(texts).contains(text(opened))) {
                                uids.add(opened.row().uid());
                            }
                        });
        done(
                store.mailbox(of, Operation.FLAG)
                        .store(
                                inbox.id(),
                                uids,
                                new FlagChange(
                                        FlagChange.Mode.ADD,
                                        new Flags(Set.of(Flag.DELETED), Set.of())),
                                Optional.empty()));
        store.mailbox(of, Operation.EXPUNGE).expunge(inbox.id(), Optional.empty());
        done(
                store.admin()
                        .destroy(
                                store.module(Operation.KEYS, Event.INSTALLATION),
                                Instant.parse("2100-01-01T00:00:00Z"),
                                now));
    }

    /** Every message of a mailbox as a client reads it, without the trace field in front. */
    private Set<String> texts(Person of) {
        Set<String> texts = new TreeSet<>();
        Mailbox mailbox = store.mailbox(of, Operation.READ);
        for (Folder folder : mailbox.folders()) {
            mailbox.open(
                    folder.id(),
                    mailbox.messages(folder.id()).stream().map(MessageRow::uid).toList(),
                    "FETCH",
                    opened -> texts.add(text(opened)));
        }
        return texts;
    }

    private static String text(Mailbox.Opened opened) {
        try (InputStream in = opened.message().range(0, Long.MAX_VALUE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("Return-Path: <>\r\n", "");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
