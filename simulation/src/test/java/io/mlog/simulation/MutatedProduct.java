package io.mlog.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The product with a mistake in it: the changed source is compiled in memory, and everything of
 * ours is loaded anew around it, so that the real classes meet the mistake and nobody else does.
 */
final class MutatedProduct {
    private static final Path ROOT = Path.of(System.getProperty("mlog.root", ".."));

    private final ClassLoader classes;

    private MutatedProduct(ClassLoader classes) {
        this.classes = classes;
    }

    static MutatedProduct of(Mutant mutant) throws IOException {
        String source = Files.readString(ROOT.resolve(mutant.source()));
        int at = source.indexOf(mutant.text());
        if (at < 0 || source.indexOf(mutant.text(), at + 1) >= 0) {
            throw new IllegalStateException(
                    "'%s' is not exactly once in %s: plant '%s' anew"
                            .formatted(mutant.text(), mutant.source(), mutant.name()));
        }
        String changed = source.replace(mutant.text(), mutant.replacement());
        return new MutatedProduct(new Loader(compiled(mutant.source(), changed)));
    }

    /** What {@link Scenarios#failureOf} says. */
    String failureOfStory(String name) {
        return call(Scenarios.class, "failureOf", new Class<?>[] {String.class}, name);
    }

    /** What {@link Simulation#failureOf} says. */
    String failureOfSeed(long seed, int events) {
        return call(
                Simulation.class,
                "failureOf",
                new Class<?>[] {long.class, int.class},
                seed,
                events);
    }

    private String call(Class<?> type, String method, Class<?>[] types, Object... arguments) {
        try {
            return (String)
                    classes.loadClass(type.getName())
                            .getMethod(method, types)
                            .invoke(null, arguments);
        } catch (InvocationTargetException e) {
            return String.valueOf(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, byte[]> compiled(String path, String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        try (Output output = new Output(compiler.getStandardFileManager(null, null, null))) {
            boolean good =
                    compiler.getTask(
                                    problems,
                                    output,
                                    null,
                                    List.of("-proc:none", "-nowarn", "-Xlint:none"),
                                    null,
                                    List.of(new Source(path, source)))
                            .call();
            if (!good) {
                throw new IllegalStateException(path + " does not compile: " + problems);
            }
            return output.classes();
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String path, String text) {
            super(URI.create("string:///" + path), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Keeps what is compiled in memory. */
    private static final class Output extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

        Output(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location,
                String className,
                JavaFileObject.Kind kind,
                javax.tools.FileObject sibling) {
            return new SimpleJavaFileObject(
                    URI.create("mem:///" + className.replace('.', '/') + kind.extension), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return written.computeIfAbsent(className, name -> new ByteArrayOutputStream());
                }
            };
        }

        Map<String, byte[]> classes() {
            Map<String, byte[]> classes = new HashMap<>();
            written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
            return classes;
        }
    }

    /** Loads everything of ours itself, the changed classes from memory; libraries are shared. */
    private static final class Loader extends ClassLoader {
        private static final String OURS = "io.mlog.";

        private final Map<String, byte[]> changed;

        Loader(Map<String, byte[]> changed) {
            super(MutatedProduct.class.getClassLoader());
            this.changed = changed;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(OURS)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            byte[] bytes = changed.get(name);
            if (bytes == null) {
                try (InputStream file =
                        getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                    if (file == null) {
                        throw new ClassNotFoundException(name);
                    }
                    bytes = file.readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
