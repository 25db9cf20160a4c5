package io.mlog.systemtests.clients;

import io.mlog.systemtests.harness.Checkout;
import io.mlog.systemtests.harness.Commands;
import io.mlog.systemtests.harness.Launch;
import io.mlog.systemtests.harness.Ran;
import io.mlog.systemtests.harness.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The clients of Node.js, in a folder under {@code target}: npm installs the pinned ones once,
 * later runs take what is there and need no network. Any thread.
 */
final class NodeModules {
    private static final Path SOURCES = Checkout.root().resolve("system-tests/src/test/node");
    private static final Path FOLDER = Checkout.root().resolve("system-tests/target/node");
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(2);
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    private NodeModules() {}

    /** Skips the test when node or npm is not there, or npm cannot install. */
    static void requireOrSkip() throws Exception {
        Tools.requireOrSkip("node");
        ONE_AT_A_TIME.lockInterruptibly();
        try {
            copyScripts();
            if (!isInstalled()) {
                Tools.requireOrSkip("npm");
                Ran ran = install();
                Tools.requireOrSkip(
                        ran.exit() == 0, "npm cannot install the Node.js clients: " + ran.err());
                Files.copy(
                        SOURCES.resolve("package.json"),
                        FOLDER.resolve("node_modules/installed.json"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    private static void copyScripts() throws IOException {
        Files.createDirectories(FOLDER);
        try (var files = Files.list(SOURCES)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(
                        file,
                        FOLDER.resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static boolean isInstalled() throws IOException {
        Path installed = FOLDER.resolve("node_modules/installed.json");
        return Files.exists(installed)
                && Files.mismatch(installed, SOURCES.resolve("package.json")) == -1;
    }

    private static Ran install() throws IOException, InterruptedException {
        return Commands.run(
                INSTALL_LIMIT,
                Launch.of(
                        "npm",
                        "install",
                        "--prefix",
                        FOLDER.toString(),
                        "--no-package-lock",
                        "--no-audit",
                        "--no-fund",
                        "--ignore-scripts"));
    }

    /** Runs one of the scripts beside package.json. */
    static Launch node(String script, String... arguments) {
        return Launch.of("node", FOLDER.resolve(script).toString()).with(arguments);
    }

    /** The version of an installed module. */
    static String version(String module) throws Exception {
        requireOrSkip();
        Path file = FOLDER.resolve("node_modules").resolve(module).resolve("package.json");
        Matcher version =
                Pattern.compile("\"version\": *\"([^\"]+)\"").matcher(Files.readString(file));
        if (!version.find()) {
            throw new IllegalStateException("no version in " + file);
        }
        return version.group(1);
    }
}
