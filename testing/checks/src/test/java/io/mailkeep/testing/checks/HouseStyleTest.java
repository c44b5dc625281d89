package io.mailkeep.testing.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** How the house's code reads, as far as a machine can tell. */
class HouseStyleTest {
    private static final int FUNCTION_LINES = 70;
    private static final int FILE_LINES = 500;
    private static final int COLUMNS = 120;

    /** Banned calls with what to use instead. */
    private static final Map<String, String> BANNED =
            Map.of(
                    "\\bInstant\\.now\\(", "time.instant()",
                    "\\bSystem\\.(nanoTime|currentTimeMillis)\\(", "time.nanos()",
                    "\\bThread\\.sleep\\(", "time.sleep(duration)",
                    "\\bnew (Secure)?Random\\(", "Randomness",
                    "\\bUUID\\.randomUUID\\(", "randomness.uuid()",
                    "\\b(LocalDate|LocalDateTime|ZonedDateTime|OffsetDateTime)\\.now\\(",
                            "time.instant()",
                    "\\bprintStackTrace\\(", "the log",
                    "\\b(TODO|FIXME|XXX|HACK)\\b", "an issue");

    private static final Pattern VAGUE = Pattern.compile(".*(Manager|Util|Utils|Helper|Impl|Base)");

    @Test
    void functionsHaveAtMost70Lines() throws IOException {
        List<String> wrong = new ArrayList<>();
        JavacTask task =
                (JavacTask)
                        ToolProvider.getSystemJavaCompiler()
                                .getTask(
                                        null,
                                        null,
                                        null,
                                        List.of("--release", "25"),
                                        null,
                                        ToolProvider.getSystemJavaCompiler()
                                                .getStandardFileManager(null, null, null)
                                                .getJavaFileObjectsFromPaths(
                                                        House.sources("main")));
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        for (CompilationUnitTree unit : task.parse()) {
            new TreeScanner<Void, Void>() {
                @Override
                public Void visitMethod(MethodTree method, Void unused) {
                    long from =
                            unit.getLineMap()
                                    .getLineNumber(positions.getStartPosition(unit, method));
                    long to =
                            unit.getLineMap().getLineNumber(positions.getEndPosition(unit, method));
                    if (to - from + 1 > FUNCTION_LINES) {
                        wrong.add(
                                unit.getSourceFile().getName()
                                        + ": "
                                        + method.getName()
                                        + " has "
                                        + (to - from + 1));
                    }
                    return super.visitMethod(method, null);
                }
            }.scan(unit, null);
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void filesHaveAtMost500LinesAnd120Columns() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path source : House.sources("main")) {
            List<String> lines = Files.readAllLines(source);
            if (lines.size() > FILE_LINES) {
                wrong.add(House.shown(source) + " has " + lines.size() + " lines");
            }
            lines.stream()
                    .filter(line -> line.length() > COLUMNS)
                    .forEach(line -> wrong.add(House.shown(source) + ": " + line.strip()));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void bannedCallsStandNowhereOutsideTheKernel() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (Path source : House.sources("main")) {
            String name = House.shown(source);
            if (name.startsWith("base/kernel/")) {
                continue;
            }
            String text = Files.readString(source);
            BANNED.forEach((call, instead) -> {
                Matcher found = Pattern.compile(call).matcher(text);
                if (found.find()) {
                    wrong.add(name + ": " + found.group() + " → " + instead);
                }
            });
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void namesAreNounsOfTheTrade() {
        List<String> wrong = new ArrayList<>();
        for (JavaClass one : House.CLASSES) {
            if (VAGUE.matcher(one.getSimpleName()).matches()) {
                wrong.add(one.getName());
            }
        }
        assertThat(wrong).isEmpty();
    }

    /**
     * A room's storage ports may have one implementation in the house: the other one is the tests'.
     */
    private static final Set<String> PORTS =
            Set.of(
                    "io.mailkeep.audit.Outbox",
                    "io.mailkeep.audit.SubjectCipher",
                    "io.mailkeep.audit.RememberedCheckpoint",
                    "io.mailkeep.keys.TreeStore",
                    "io.mailkeep.tickets.EpochStore",
                    "io.mailkeep.segments.Rows",
                    "io.mailkeep.net.AuthorityKey");

    @Test
    void noInterfaceHasASingleImplementation() {
        Set<String> wrong = new TreeSet<>();
        for (JavaClass one : House.CLASSES) {
            boolean plain =
                    one.isInterface()
                            && !one.isAnnotation()
                            && !one.getModifiers().contains(JavaModifier.SYNTHETIC)
                            && !one.getSimpleName().equals("package-info")
                            && !one.isAnnotatedWith(FunctionalInterface.class);
            boolean function =
                    plain
                            && one.getMethods().stream()
                                            .filter(method ->
                                                    method.getModifiers()
                                                            .contains(JavaModifier.ABSTRACT))
                                            .count()
                                    == 1;
            if (plain && !function && !PORTS.contains(one.getName().replaceAll("\\$.*", ""))) {
                long implementations =
                        one.getAllSubclasses().stream()
                                .filter(other -> !other.isInterface())
                                .count();
                if (implementations == 1) {
                    wrong.add(one.getName());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void noSignaturePromisesTheFuture() {
        Set<String> wrong = new TreeSet<>();
        House.CLASSES.forEach(one ->
                one.getMethods().stream()
                        .filter(method ->
                                method.getRawReturnType()
                                        .getSimpleName()
                                        .contains("CompletableFuture"))
                        .forEach(method -> wrong.add(method.getFullName())));
        assertThat(wrong).isEmpty();
    }

    @Test
    void nothingNamesOneMachine() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (String kind : List.of("main", "test")) {
            for (Path source : House.sources(kind)) {
                String text = Files.readString(source).toLowerCase(Locale.ROOT);
                if (!source.endsWith("HouseStyleTest.java") && text.contains("/work/")) {
                    wrong.add(House.shown(source));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }
}
