package io.mlog.groups.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlog.services.GroupCaller;
import io.mlog.services.GroupRequest;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class NoGroupsTest {
    private static final List<String> COORDINATORS =
            List.of(
                    "kafka-group-coordinator",
                    "kafka-coordinator-common",
                    "kafka-server-common",
                    "kafka-metadata",
                    "kafka-storage",
                    "metrics-core");

    /** A broker without groups answers before it has loaded anything of the coordinator. */
    @Test
    void answersWithoutTheCoordinatorsJars() throws Exception {
        URL[] classPath =
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> COORDINATORS.stream().noneMatch(entry::contains))
                        .map(NoGroupsTest::url)
                        .toArray(URL[]::new);
        try (URLClassLoader loader =
                new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            assertThat(
                            loader.getResource(
                                    "org/apache/kafka/coordinator/group/GroupCoordinator.class"))
                    .isNull();
            assertThat(answer(loader).remaining()).isEqualTo(2);
        }
    }

    /** Heartbeat, version 0, of group g, generation 1, member m. */
    private static ByteBuffer answer(ClassLoader loader) throws ReflectiveOperationException {
        byte[] heartbeat = {0, 1, 'g', 0, 0, 0, 1, 0, 1, 'm'};
        Class<?> callerType = loader.loadClass(GroupCaller.class.getName());
        Class<?> requestType = loader.loadClass(GroupRequest.class.getName());
        Object caller =
                callerType.getConstructor(String.class, String.class).newInstance("app", "host");
        Object request =
                requestType
                        .getConstructor(short.class, short.class, ByteBuffer.class, callerType)
                        .newInstance((short) 12, (short) 0, ByteBuffer.wrap(heartbeat), caller);
        Method handle = loader.loadClass(NoGroups.class.getName()).getMethod("handle", requestType);
        try {
            return (ByteBuffer) handle.invoke(null, request);
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }
}
