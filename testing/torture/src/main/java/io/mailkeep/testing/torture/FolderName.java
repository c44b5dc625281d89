package io.mailkeep.testing.torture;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of the load's folders: a canary, the mark that stays through renames, a version. */
final class FolderName {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9]+\\.(f[0-9]+)\\.v[0-9]+");

    private FolderName() {}

    /** The name of this mark's folder in this version. */
    static String of(String canary, String mark, long version) {
        return canary + "." + mark + ".v" + version;
    }

    /** The place that a folder is: its mark, or its name if it is none of the load's. */
    static String place(String name) {
        Matcher form = FORM.matcher(name);
        return form.matches() ? form.group(1) : name;
    }
}
