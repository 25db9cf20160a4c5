package io.mlog.systemtests.clients;

import io.mlog.systemtests.harness.Checkout;
import io.mlog.systemtests.harness.Launch;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kafka's tools, Streams and Connect, in processes of their own: the module {@code
 * system-tests/programs} gathers their jars.
 */
final class KafkaPrograms {
    private static final Path BUILT = Checkout.root().resolve("system-tests/programs/target");

    private KafkaPrograms() {}

    /** A process that runs this class, with few compilations and a small heap. */
    static Launch java(String mainClass, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-cp",
                        BUILT.resolve("classes") + File.pathSeparator + classPath(),
                        mainClass));
        command.addAll(List.of(arguments));
        return Launch.of(command.toArray(String[]::new));
    }

    /** The version of a jar on their class path, for example of {@code kafka-tools}. */
    static String version(String artifact) throws IOException {
        Matcher jar =
                Pattern.compile(Pattern.quote("/" + artifact) + "-(\\d[^/" + ":]*)\\.jar")
                        .matcher(classPath());
        if (!jar.find()) {
            throw new IllegalStateException("no jar of " + artifact + " in " + classPath());
        }
        return jar.group(1);
    }

    private static String classPath() throws IOException {
        return Files.readString(BUILT.resolve("class-path")).strip();
    }
}
