package io.mailkeep.testing.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import io.mailkeep.kernel.Claim;
import io.mailkeep.tickets.Access;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Rights are arguments: what reaches data takes an {@link Access} (DAT-3, ATK-87). */
@Claim({"DAT-3", "ATK-87"})
class RightsTest {
    private static final Set<String> ROOMS = Set.of("segments", "mailbox", "identity", "keys");

    /** May only shrink: each is a way in that itself checks a proof. */
    private static final Set<String> EXEMPT =
            Set.of(
                    // the proof is the password; the module's ticket is checked inside
                    "io.mailkeep.identity.SignIn.password",
                    // opening the tree at start goes through the crash table; nothing clear leaves
                    // it
                    "io.mailkeep.keys.Keys.open",
                    // tells the audit log how the keys were unsealed
                    "io.mailkeep.keys.Keys.admin");

    /** Calls that reach data. */
    private static final Set<String> REACHES =
            Set.of(
                    "io.mailkeep.database.RoomDatabase.inTenant",
                    "io.mailkeep.database.DropboxCalls.deliver",
                    "io.mailkeep.keys.TreeStore.transact",
                    "io.mailkeep.segments.SegmentStore.read",
                    "io.mailkeep.segments.SegmentStore.append");

    @Test
    void noPublicMethodReachesDataWithoutAnAccess() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass one : House.CLASSES) {
            boolean door =
                    House.roomOf(one).filter(ROOMS::contains).isPresent()
                            && one.getModifiers().contains(JavaModifier.PUBLIC)
                            && !one.getPackageName().contains(".internal");
            if (door && !holdsAccess(one)) {
                one.getMethods().stream()
                        .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(method -> !takesAccess(method))
                        .filter(RightsTest::reachesData)
                        .map(method -> one.getName() + "." + method.getName())
                        .forEach(wrong::add);
            }
        }
        wrong.removeAll(EXEMPT);
        assertThat(wrong).isEmpty();
    }

    @Test
    void theExemptListHasAtMostThreeEntries() {
        assertThat(EXEMPT).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void anAccessIsMadeByTheTicketAuthorityAlone() {
        JavaClass access = House.CLASSES.get(Access.class);
        assertThat(access.getModifiers()).contains(JavaModifier.FINAL);
        assertThat(access.getConstructors())
                .allSatisfy(made ->
                        assertThat(made.getModifiers())
                                .doesNotContain(JavaModifier.PUBLIC, JavaModifier.PROTECTED));
        assertThat(
                        access.getConstructors().stream()
                                .flatMap(made -> made.getCallsOfSelf().stream())
                                .map(call -> call.getOriginOwner().getName())
                                .distinct())
                .containsExactly("io.mailkeep.tickets.TicketAuthority");
        assertThat(access.isAssignableTo(java.io.Serializable.class)).isFalse();
    }

    /** The class was made for one access and carries it. */
    private static boolean holdsAccess(JavaClass one) {
        return one.getAllFields().stream()
                .anyMatch(field ->
                        field.getRawType().isEquivalentTo(Access.class)
                                || carriesAccess(field.getRawType()));
    }

    private static boolean takesAccess(JavaMethod method) {
        return method.getParameters().stream()
                .flatMap(parameter -> parameter.getType().getAllInvolvedRawTypes().stream())
                .anyMatch(type -> type.isEquivalentTo(Access.class) || carriesAccess(type));
    }

    /** A type of ours with an access in it, such as a delivery. */
    private static boolean carriesAccess(JavaClass type) {
        return type.getPackageName().startsWith("io.mailkeep.")
                && type.getFields().stream()
                        .anyMatch(field -> field.getRawType().isEquivalentTo(Access.class));
    }

    private static boolean reachesData(JavaMethod start) {
        Set<JavaCodeUnit> seen = new HashSet<>();
        Deque<JavaCodeUnit> open = new ArrayDeque<>();
        open.add(start);
        String room = House.roomOf(start.getOwner()).orElseThrow();
        while (!open.isEmpty()) {
            JavaCodeUnit next = open.pop();
            if (!seen.add(next)) {
                continue;
            }
            for (var call : next.getMethodCallsFromSelf()) {
                String target = call.getTargetOwner().getName() + "." + call.getTarget().getName();
                if (REACHES.contains(target)) {
                    return true;
                }
                if (House.roomOf(call.getTargetOwner()).filter(room::equals).isPresent()) {
                    call.getTarget().resolveMember().ifPresent(open::add);
                }
            }
        }
        return false;
    }
}
