package io.mlog.systemtests.harness;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout under test: where its launchers are. */
public final class Checkout {
    private static final Path ROOT = findRoot();

    private Checkout() {}

    /** The folder that holds {@code bin/} and the root pom. */
    public static Path root() {
        return ROOT;
    }

    /** A launcher by its name, for example {@code server}. */
    public static String bin(String name) {
        return ROOT.resolve("bin").resolve(name).toString();
    }

    private static Path findRoot() {
        String told = System.getProperty("mlog.root");
        Path folder = Path.of(told == null ? "" : told).toAbsolutePath();
        while (folder != null) {
            if (Files.isExecutable(folder.resolve("bin/find-jdk"))) {
                return folder;
            }
            folder = folder.getParent();
        }
        throw new IllegalStateException(
                "no checkout found: neither -Dmlog.root nor a parent of the working directory has bin/find-jdk");
    }
}
