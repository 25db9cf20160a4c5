package io.mlog.systemtests.house;

import io.mlog.systemtests.harness.Checkout;
import io.mlog.systemtests.harness.Launch;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A copy of the checkout in a folder of the test, so that what make does there touches neither the
 * checkout nor the build that runs the test.
 */
final class CheckoutCopy {
    private static final Set<String> NOT_SOURCE = Set.of(".git", "target", "dist");

    private final Path root;

    private CheckoutCopy(Path root) {
        this.root = root;
    }

    /** A copy as a fresh clone would be: nothing in it is built. */
    static CheckoutCopy fresh(Path root) throws IOException {
        copy(Checkout.root(), root);
        return new CheckoutCopy(root);
    }

    /** A copy with the product that the checkout has built, which make takes for the newest. */
    static CheckoutCopy built(Path root) throws IOException {
        CheckoutCopy copy = fresh(root);
        copy(Checkout.root().resolve("dist"), root.resolve("dist"));
        Files.writeString(root.resolve("dist/.built"), "");
        return copy;
    }

    Path root() {
        return root;
    }

    /** Runs make in the copy; of the surroundings' make nothing is known to it. */
    Launch make(String... arguments) {
        String[] command =
                Stream.concat(
                                Stream.of(
                                        "env",
                                        "-u",
                                        "MAKEFLAGS",
                                        "-u",
                                        "MAKELEVEL",
                                        "-u",
                                        "MFLAGS",
                                        "make",
                                        "-C",
                                        root.toString(),
                                        "--no-print-directory"),
                                Arrays.stream(arguments))
                        .toArray(String[]::new);
        return Launch.of(command);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path folder, BasicFileAttributes attributes) throws IOException {
                        boolean inside = !folder.equals(from);
                        if (inside && NOT_SOURCE.contains(folder.getFileName().toString())) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        Files.createDirectories(to.resolve(from.relativize(folder)));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.copy(
                                file,
                                to.resolve(from.relativize(file)),
                                StandardCopyOption.COPY_ATTRIBUTES);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
