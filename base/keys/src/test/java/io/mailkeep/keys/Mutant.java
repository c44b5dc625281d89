package io.mailkeep.keys;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The keys room compiled from source with some lines changed, in a class loader of its own: what a
 * test of the tests runs against. Production has no switch for it.
 */
final class Mutant extends ClassLoader {
    private static final String ROOM = "io.mailkeep.keys.";
    private static final Path SOURCES = Path.of("src/main/java/io/mailkeep/keys");

    /** One change of one source file; the text must be there exactly once. */
    record Patch(String file, String before, String after) {}

    /** A source text that lies in memory. */
    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(URI uri, String text) {
            super(uri, Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private final Map<String, byte[]> classes;

    private Mutant(Map<String, byte[]> classes) {
        super(Mutant.class.getClassLoader());
        this.classes = classes;
    }

    /**
     * Compiles the files that these changes touch, and those that hold constants of them; the rest
     * of the room stays as it is.
     */
    static Map<String, byte[]> compile(List<Patch> patches) {
        Path base = Files.isDirectory(SOURCES) ? SOURCES : Path.of("base/keys").resolve(SOURCES);
        Set<String> touched = new HashSet<>(Set.of("Settler.java", "TreeCheck.java"));
        patches.forEach(patch -> touched.add(patch.file()));
        List<JavaFileObject> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(base)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (touched.contains(name)) {
                    String text = Files.readString(file);
                    for (Patch patch : patches) {
                        text = patch.file().equals(name) ? patched(text, patch) : text;
                    }
                    sources.add(new Source(file.toUri(), text));
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return compiled(sources);
    }

    private static String patched(String text, Patch patch) {
        String before = squeezed(patch.before());
        String squeezed = squeezed(text);
        int at = squeezed.indexOf(before);
        if (at < 0 || squeezed.indexOf(before, at + 1) >= 0) {
            throw new AssertionError("not exactly once in " + patch.file() + ": " + patch.before());
        }
        return squeezed.substring(0, at) + patch.after() + squeezed.substring(at + before.length());
    }

    /** Comments out, any white space is one blank: how lines are broken doesn't matter. */
    private static String squeezed(String text) {
        return text.replaceAll("(?s)/\\*.*?\\*/", " ")
                .replaceAll("(?m)^\\s*//.*$", " ")
                .replaceAll("\\s+", " ")
                .replaceAll("\\( ", "(")
                .replaceAll(" \\.", ".");
    }

    private static Map<String, byte[]> compiled(List<JavaFileObject> sources) {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> told = new DiagnosticCollector<>();
        Map<String, ByteArrayOutputStream> out = new HashMap<>();
        String path =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        try (StandardJavaFileManager standard = javac.getStandardFileManager(told, null, null)) {
            JavaFileManager files =
                    new ForwardingJavaFileManager<>(standard) {
                        @Override
                        public JavaFileObject getJavaFileForOutput(
                                Location location,
                                String name,
                                JavaFileObject.Kind kind,
                                javax.tools.FileObject sibling) {
                            return new SimpleJavaFileObject(
                                    URI.create("mem:///" + name.replace('.', '/') + ".class"),
                                    kind) {
                                @Override
                                public OutputStream openOutputStream() {
                                    return out.computeIfAbsent(
                                            name, _ -> new ByteArrayOutputStream());
                                }
                            };
                        }
                    };
            boolean done =
                    javac.getTask(
                                    null,
                                    files,
                                    told,
                                    List.of("-proc:none", "-nowarn", "-cp", path),
                                    null,
                                    sources)
                            .call();
            if (!done) {
                throw new AssertionError("doesn't compile: " + told.getDiagnostics());
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Map<String, byte[]> classes = new HashMap<>();
        out.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
        return classes;
    }

    /** Runs one trace against the changed room; what went wrong, or empty. */
    static String trace(Map<String, byte[]> classes, long seed, int steps) {
        return runner(classes).run(seed, steps);
    }

    /** Traces in one loader, which is warm after the first. */
    static Runner runner(Map<String, byte[]> classes) {
        try {
            Class<?> world = new Mutant(classes).loadClass(ROOM + "World");
            var trace = world.getDeclaredMethod("trace", long.class, int.class, Map.class);
            trace.setAccessible(true);
            return (seed, steps) -> {
                try {
                    return (String) trace.invoke(null, seed, steps, new HashMap<>());
                } catch (ReflectiveOperationException broken) {
                    return String.valueOf(broken.getCause());
                }
            };
        } catch (ReflectiveOperationException broken) {
            throw new LinkageError("the changed room", broken);
        }
    }

    /** Runs traces. */
    @FunctionalInterface
    interface Runner {
        /** What went wrong, or empty. */
        String run(long seed, int steps);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            if (!name.startsWith(ROOM)) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            byte[] bytes = classes.containsKey(name) ? classes.get(name) : ofParent(name);
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private byte[] ofParent(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        try (InputStream in = getParent().getResourceAsStream(file)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new ClassNotFoundException(name, unreadable);
        }
    }
}
