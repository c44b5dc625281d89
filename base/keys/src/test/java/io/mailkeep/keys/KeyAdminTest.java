package io.mailkeep.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mailkeep.audit.Entry;
import io.mailkeep.audit.Event;
import io.mailkeep.audit.TestTrail;
import io.mailkeep.kernel.Claim;
import io.mailkeep.kernel.CopyId;
import io.mailkeep.kernel.MailboxId;
import io.mailkeep.kernel.Outcome;
import io.mailkeep.kernel.Unavailable;
import io.mailkeep.tickets.Access;
import io.mailkeep.tickets.AccessDenied;
import io.mailkeep.tickets.Operation;
import io.mailkeep.tickets.TestAccess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Administration: told before it is done, and what it leaves. */
@Claim({"DAT-4", "DAT-5", "DAT-6"})
class KeyAdminTest {
    private static final Access KEYS = TestAccess.to(Event.INSTALLATION, Operation.KEYS);
    private static final Access MAINTAIN = TestAccess.to(Event.INSTALLATION, Operation.MAINTAIN);

    @TempDir Path folder;

    private Fixture fixture;
    private Keys keys;
    private TestTrail trail;
    private KeyAdmin admin;

    @BeforeEach
    void open() {
        fixture = new Fixture(folder);
        keys = fixture.open();
        trail = new TestTrail(keys.subjects());
        admin = keys.admin(trail.trail());
    }

    private static String text(Entry entry) {
        return new String(entry.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("No audit, no action")
    void noAudit() {
        trail.breakDown();
        assertThat(admin.seal(KEYS)).isInstanceOf(Outcome.Deferred.class);
        assertThat(keys.state()).isInstanceOf(KeysState.Unsealed.class);
        assertThat(admin.rotate(KEYS, new KeyScope.Root())).isInstanceOf(Outcome.Deferred.class);
        assertThat(admin.destroy(KEYS, Instant.MAX, true)).isInstanceOf(Outcome.Deferred.class);
        assertThat(admin.declareLost(KEYS, "b")).isInstanceOf(Outcome.Deferred.class);
        assertThat(fixture.store.now().state.orElseThrow().epoch()).isEqualTo(1);
    }

    @Test
    @Claim("ATK-103")
    @DisplayName("Sealed and unsealed again, each told")
    void sealAndUnseal() {
        CopyId copy = Fixture.copy();
        CopyKeys fresh = fixture.deliver(keys, copy);
        assertThat(admin.seal(KEYS)).isInstanceOf(Outcome.Done.class);
        assertThat(admin.status(KEYS).state()).isInstanceOf(KeysState.Sealed.class);
        assertThatThrownBy(() -> admin.settle(MAINTAIN)).isInstanceOf(Unavailable.class);
        assertThat(admin.unseal(KEYS)).isInstanceOf(Outcome.Done.class);
        assertThat(Fixture.opens(keys, copy, fresh)).isTrue();
        assertThat(String.join("\n", trail.told()))
                .contains("keys.unsealed")
                .contains("keys.sealed")
                .contains("begins")
                .contains("done");
    }

    @Test
    @DisplayName("Destroyed now: complete after two epoch changes, survivors open, status says so")
    void destroyNow() {
        CopyId doomed = Fixture.copy();
        CopyId kept = Fixture.copy();
        CopyKeys gone = fixture.deliver(keys, doomed);
        CopyKeys stays = fixture.deliver(keys, kept);
        assertThat(admin.settle(MAINTAIN)).isEqualTo(2);
        fixture.hide(doomed);
        assertThat(admin.destroy(KEYS, Instant.MAX, false))
                .isEqualTo(Outcome.done(new KeyAdmin.Destroyed(1, 2, 0, 1)));
        assertThat(admin.status(KEYS).pending()).containsExactly(new KeysStatus.Pending(2, 1, 1));
        assertThat(admin.destroy(KEYS, Instant.MAX, false))
                .isEqualTo(Outcome.done(new KeyAdmin.Destroyed(0, 3, 1, 0)));
        assertThat(Fixture.opens(keys, kept, stays)).isTrue();
        assertThat(Fixture.opens(keys, doomed, gone)).isFalse();
        assertThat(admin.check(MAINTAIN)).isEmpty();
        assertThat(fixture.store.audited)
                .anyMatch(entry -> text(entry).contains("keys.destruction-complete"))
                .anyMatch(entry -> text(entry).contains("keys.epoch-changed"));
    }

    @Test
    @DisplayName("A copy whose seal doesn't open keeps none of the others from being settled")
    void settlesPastADamagedOne() {
        for (int i = 0; i < 255; i++) {
            fixture.deliver(keys, Fixture.copy());
        }
        assertThat(admin.settle(MAINTAIN)).isEqualTo(255);
        for (int i = 0; i < 3; i++) {
            fixture.deliver(keys, Fixture.copy());
        }
        fixture.store.transact(tx -> {
            TreeStore.LeafRow first =
                    fixture.store.now().leaves.values().stream()
                            .filter(leaf -> leaf.kind() == LeafKind.COPY_TAIL)
                            .min(Comparator.comparing(TreeStore.LeafRow::leaf))
                            .orElseThrow();
            byte[] wrap = first.wrap().clone();
            wrap[wrap.length - 1] ^= 1;
            tx.put(
                    new TreeStore.LeafRow(
                            first.tenant(),
                            first.leaf(),
                            first.kind(),
                            first.holder(),
                            first.holderKey(),
                            wrap));
            return true;
        });
        assertThat(admin.settle(MAINTAIN)).as("room for one in the bucket").isEqualTo(1);
        assertThat(admin.settle(MAINTAIN)).isEqualTo(1);
        assertThat(admin.settle(MAINTAIN)).isZero();
    }

    @Test
    @DisplayName("Each level rotates; what was there opens, an unknown one is refused")
    void rotate() {
        CopyId copy = Fixture.copy();
        CopyKeys fresh = fixture.deliver(keys, copy);
        long epoch = 1;
        for (KeyScope scope :
                List.of(
                        new KeyScope.Root(),
                        new KeyScope.OfTenant(Fixture.TENANT),
                        new KeyScope.OfClass(
                                Fixture.TENANT, io.mailkeep.kernel.DataClass.SENSITIVE),
                        new KeyScope.OfMailbox(Fixture.TENANT, Fixture.MAILBOX))) {
            epoch += 2;
            assertThat(admin.rotate(KEYS, scope)).isEqualTo(Outcome.done(epoch));
            assertThat(Fixture.opens(fixture.open(), copy, fresh)).isTrue();
        }
        KeyScope nobody = new KeyScope.OfMailbox(Fixture.TENANT, new MailboxId(new UUID(3, 3)));
        assertThat(admin.rotate(KEYS, nobody)).isInstanceOf(Outcome.Refused.class);
        assertThat(admin.check(MAINTAIN)).isEmpty();
    }

    @Test
    @DisplayName("The doctor tells a leaf that nothing opens, a lost holder and a missing pair")
    void check() {
        CopyId copy = Fixture.copy();
        fixture.deliver(keys, copy);
        TreeStore.LeafRow leaf = fixture.store.now().leaves.get(copy.value());
        fixture.store.transact(tx -> {
            byte[] wrap = leaf.wrap().clone();
            wrap[40] ^= 1;
            tx.put(
                    new TreeStore.LeafRow(
                            leaf.tenant(),
                            leaf.leaf(),
                            leaf.kind(),
                            leaf.holder(),
                            leaf.holderKey(),
                            wrap));
            return leaf;
        });
        assertThat(admin.check(MAINTAIN)).singleElement().asString().contains("doesn't open");
        // It doesn't hold up what is sound.
        CopyId sound = Fixture.copy();
        CopyKeys fresh = fixture.deliver(keys, sound);
        assertThat(admin.destroy(KEYS, Instant.MAX, true)).isInstanceOf(Outcome.Done.class);
        assertThat(admin.rotate(KEYS, new KeyScope.OfTenant(Fixture.TENANT)))
                .isInstanceOf(Outcome.Done.class);
        assertThat(Fixture.opens(keys, sound, fresh)).isTrue();
        fixture.store.transact(tx -> {
            tx.remove(leaf.tenant(), leaf.holder());
            return leaf;
        });
        assertThat(admin.check(MAINTAIN)).anyMatch(told -> told.contains("has no holder"));
    }

    @Test
    @DisplayName("A lost key folder is replaced from the other, told; the last one isn't given up")
    void lost() {
        CopyId copy = Fixture.copy();
        CopyKeys fresh = fixture.deliver(keys, copy);
        io.mailkeep.keys.internal.Folders.delete(fixture.b);
        assertThat(admin.destroy(KEYS, Instant.MAX, false)).isInstanceOf(Outcome.Deferred.class);
        assertThat(admin.declareLost(KEYS, "a")).isInstanceOf(Outcome.Refused.class);
        assertThat(admin.declareLost(KEYS, "c")).isInstanceOf(Outcome.Refused.class);
        assertThat(admin.declareLost(KEYS, "b")).isInstanceOf(Outcome.Done.class);
        assertThat(String.join("\n", trail.told())).contains("declared lost");
        assertThat(admin.status(KEYS).folders())
                .allSatisfy(folder -> assertThat(folder.problem()).isEmpty());
        assertThat(admin.destroy(KEYS, Instant.MAX, true)).isInstanceOf(Outcome.Done.class);
        io.mailkeep.keys.internal.Folders.delete(fixture.a);
        assertThat(Fixture.opens(fixture.open(), copy, fresh)).isTrue();
        assertThatThrownBy(() -> admin.declareLost(MAINTAIN, "b")).isInstanceOf(AccessDenied.class);
    }

    @Test
    @DisplayName("Administration needs KEYS, upkeep MAINTAIN")
    void rights() {
        assertThatThrownBy(() -> admin.seal(MAINTAIN)).isInstanceOf(AccessDenied.class);
        assertThatThrownBy(() -> admin.status(MAINTAIN)).isInstanceOf(AccessDenied.class);
        assertThatThrownBy(() -> admin.settle(KEYS)).isInstanceOf(AccessDenied.class);
        assertThatThrownBy(() -> admin.destroy(Fixture.access(Operation.READ), Instant.MAX, true))
                .isInstanceOf(AccessDenied.class);
    }
}
