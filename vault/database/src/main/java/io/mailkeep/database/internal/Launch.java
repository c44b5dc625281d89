package io.mailkeep.database.internal;

import io.mailkeep.database.DatabaseRefused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How PostgreSQL's programs are started on this machine. Each way {@code exec}s through, so that
 * the process id is the program's own; each puts it into a session of its own, so that a terminal's
 * Ctrl-C doesn't reach it before us.
 */
public sealed interface Launch {
    /** The command that runs a program of PostgreSQL's. */
    List<String> command(Path home, List<String> program);

    /** A path below the home as the program sees it. */
    String seen(Path home, Path path);

    /** What an administrator should know of it. */
    Optional<String> warning();

    /** Makes a file or folder the program's own. */
    void give(Path path) throws IOException;

    /** Finds the best way that works here. */
    static Launch find(Path home) {
        if (!Identity.root()) {
            return new Direct(works(List.of("setsid", "setpriv", "--pdeathsig", "INT", "true")));
        }
        Identity identity = Identity.unprivileged();
        for (String place : List.of("/mnt", "/srv", "/media")) {
            Mounted mounted = new Mounted(identity, place);
            if (Files.isDirectory(Path.of(place), LinkOption.NOFOLLOW_LINKS)
                    && works(mounted.command(home, List.of("true")))) {
                return mounted;
            }
        }
        UserNamespace namespace = new UserNamespace(identity);
        if (works(namespace.command(home, List.of("true")))) {
            return namespace;
        }
        throw new DatabaseRefused(
                "PostgreSQL doesn't run as root, and this machine lets neither a mount nor a user"
                        + " namespace be made (unshare and setpriv of util-linux are needed): start"
                        + " Mailkeep as an ordinary user, or give it a database by database.url");
    }

    /** Started by an ordinary user: as that user. */
    record Direct(boolean tied) implements Launch {
        @Override
        public List<String> command(Path home, List<String> program) {
            List<String> command = new ArrayList<>();
            if (tied) {
                command.addAll(List.of("setsid", "setpriv", "--pdeathsig", "INT"));
            }
            command.addAll(program);
            return command;
        }

        @Override
        public String seen(Path home, Path path) {
            return path.toString();
        }

        @Override
        public Optional<String> warning() {
            return tied
                    ? Optional.empty()
                    : Optional.of(
                            "setsid and setpriv of util-linux are missing: PostgreSQL isn't stopped"
                                    + " when Mailkeep is killed, but by the next start");
        }

        @Override
        public void give(Path path) {
            // It is the same user.
        }
    }

    /**
     * Started by root: as an unprivileged user without any capability, in a mount namespace where
     * the home lies at a path that this user can reach, also if it is below a root-only folder.
     */
    record Mounted(Identity identity, String place) implements Launch {
        @Override
        public List<String> command(Path home, List<String> program) {
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    "setsid",
                                    "unshare",
                                    "--mount",
                                    "--propagation",
                                    "private",
                                    "sh",
                                    "-c",
                                    "mount --bind \"$1\" \"$2\" && shift 2 && exec \"$@\"",
                                    "sh",
                                    home.toString(),
                                    place,
                                    "setpriv",
                                    "--reuid",
                                    Integer.toString(identity.uid()),
                                    "--regid",
                                    Integer.toString(identity.gid()),
                                    "--clear-groups",
                                    "--no-new-privs",
                                    "--bounding-set=-all",
                                    "--inh-caps=-all",
                                    "--pdeathsig",
                                    "INT"));
            command.addAll(program);
            return command;
        }

        @Override
        public String seen(Path home, Path path) {
            return Path.of(place).resolve(home.relativize(path)).toString();
        }

        @Override
        public Optional<String> warning() {
            return Optional.empty();
        }

        @Override
        public void give(Path path) throws IOException {
            own(path, identity.uid(), identity.gid());
        }
    }

    /** Started by root where no mount is allowed: looks unprivileged to itself, but is root's. */
    record UserNamespace(Identity identity) implements Launch {
        @Override
        public List<String> command(Path home, List<String> program) {
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    "setsid",
                                    "unshare",
                                    "--user",
                                    "--map-user=" + identity.uid(),
                                    "--map-group=" + identity.gid(),
                                    "setpriv",
                                    "--no-new-privs",
                                    "--bounding-set=-all",
                                    "--inh-caps=-all",
                                    "--pdeathsig",
                                    "INT"));
            command.addAll(program);
            return command;
        }

        @Override
        public String seen(Path home, Path path) {
            return path.toString();
        }

        @Override
        public Optional<String> warning() {
            return Optional.of(
                    "PostgreSQL runs in a user namespace and keeps root's rights to files, since"
                            + " this machine allows no mount namespace: start Mailkeep as an"
                            + " ordinary user to do without");
        }

        @Override
        public void give(Path path) throws IOException {
            own(path, 0, 0);
        }
    }

    /** Gives a folder with all in it, unless it is theirs already. */
    private static void own(Path path, int uid, int gid) throws IOException {
        if (Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(uid)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            // The folder itself last: it tells whether the work was finished.
            for (Path one : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.setAttribute(one, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(one, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean works(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(Path.of("/").toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            process.getOutputStream().close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
