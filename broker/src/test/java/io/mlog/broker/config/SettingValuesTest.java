package io.mlog.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class SettingValuesTest {
    private static final SettingValues NOTHING_GIVEN = resolve(List.of(), Map.of(), List.of());

    @TestFactory
    List<DynamicTest> everySettingIsReadAsFlagAsVariableAndAsFileEntry() {
        return Settings.all().stream()
                .map(setting -> DynamicTest.dynamicTest(setting.name(), () -> readIn3Ways(setting)))
                .toList();
    }

    private static <T> void readIn3Ways(Setting<T> setting) {
        String text = anotherValue(setting);
        T wanted = setting.kind().parse(text);
        assertThat(NOTHING_GIVEN.find(setting)).isNotEqualTo(java.util.Optional.of(wanted));
        String entry = setting.name() + "=" + text;
        List<SettingValues> ways =
                List.of(
                        resolve(List.of(setting.flag(), text), Map.of(), List.of()),
                        resolve(List.of(setting.flag() + "=" + text), Map.of(), List.of()),
                        resolve(List.of(), Map.of(setting.variable(), text), List.of()),
                        resolve(List.of(), Map.of(), List.of("# a comment", "", entry)));
        for (SettingValues values : ways) {
            assertThat(values.find(setting)).contains(wanted);
            for (Setting<?> other : Settings.all()) {
                if (!other.equals(setting)) {
                    assertThat(values.find(other)).isEqualTo(NOTHING_GIVEN.find(other));
                }
            }
        }
        assertThat(ways)
                .extracting(values -> values.sourceOf(setting))
                .containsExactly(
                        SettingValues.Source.FLAG,
                        SettingValues.Source.FLAG,
                        SettingValues.Source.ENVIRONMENT,
                        SettingValues.Source.FILE);
    }

    @TestFactory
    List<DynamicTest> everyWrongValueIsRefusedWithNameValueRangeAndOrigin() {
        return Settings.all().stream()
                .map(setting -> DynamicTest.dynamicTest(setting.name(), () -> refused(setting)))
                .toList();
    }

    private static void refused(Setting<?> setting) {
        String text = wrongValue(setting);
        assertRefused(setting, text, "the flag " + setting.flag(), flagOf(setting, text));
        assertRefused(
                setting,
                text,
                "the environment variable " + setting.variable(),
                () -> resolve(List.of(), Map.of(setting.variable(), text), List.of()));
        assertRefused(
                setting,
                text,
                "line 2 of mlog.conf",
                () -> resolve(List.of(), Map.of(), List.of("", setting.name() + " = " + text)));
    }

    private static Runnable flagOf(Setting<?> setting, String text) {
        return () -> resolve(List.of(setting.flag() + "=" + text), Map.of(), List.of());
    }

    private static void assertRefused(
            Setting<?> setting, String text, String origin, Runnable resolution) {
        assertThatThrownBy(resolution::run)
                .isInstanceOf(ConfigRefusedException.class)
                .hasMessageContainingAll(
                        setting.name(),
                        setting.kind().isSecret() ? "(secret)" : "'" + text + "'",
                        origin,
                        setting.kind().allowed());
    }

    @Test
    void flagWinsOverEnvironmentOverFileOverDefault() {
        List<String> flag = List.of("--rpc-port", "1001");
        Map<String, String> environment = Map.of("MLOG_RPC_PORT", "1002");
        List<String> file = List.of("rpc-port=1003");

        assertThat(resolve(flag, environment, file).of(Settings.RPC_PORT)).isEqualTo(1001);
        assertThat(resolve(List.of(), environment, file).of(Settings.RPC_PORT)).isEqualTo(1002);
        assertThat(resolve(List.of(), Map.of(), file).of(Settings.RPC_PORT)).isEqualTo(1003);
        assertThat(NOTHING_GIVEN.of(Settings.RPC_PORT)).isEqualTo(9094);
    }

    @Test
    void unknownNamesAreRefusedWithTheNearestKnownOne() {
        assertThatThrownBy(() -> resolve(List.of(), Map.of(), List.of("rpc-prot=1")))
                .hasMessage(
                        "unknown setting 'rpc-prot' (line 1 of mlog.conf): did you mean rpc-port?");
        assertThatThrownBy(() -> resolve(List.of("--flsh=os"), Map.of(), List.of()))
                .hasMessage("unknown flag --flsh: did you mean --flush?");
        assertThatThrownBy(() -> resolve(List.of("--xyzzyxyzzy=os"), Map.of(), List.of()))
                .hasMessage("unknown flag --xyzzyxyzzy: see --help");
    }

    @Test
    void switchNeedsNoValueAsFlagAndRepeatableSettingGathersItsValues() {
        SettingValues values =
                resolve(
                        List.of("--peer", "a:1", "--bootstrap", "--peer=b:2"),
                        Map.of(),
                        List.of("auto-create-topics=false"));
        assertThat(values.of(Settings.BOOTSTRAP)).isTrue();
        assertThat(values.of(Settings.AUTO_CREATE_TOPICS)).isFalse();
        assertThat(values.find(Settings.PEER).orElseThrow())
                .extracting(Object::toString)
                .containsExactly("a:1", "b:2");
        assertThat(
                        resolve(List.of(), Map.of("MLOG_PEER", "a:1, b:2"), List.of())
                                .find(Settings.PEER))
                .isEqualTo(values.find(Settings.PEER));
        assertThat(
                        resolve(List.of(), Map.of(), List.of("peer=a:1", "peer=b:2"))
                                .find(Settings.PEER))
                .isEqualTo(values.find(Settings.PEER));
    }

    @Test
    void malformedCommandLinesAndFilesAreRefused() {
        assertThatThrownBy(() -> FlagWords.parse(List.of("start")))
                .hasMessageContaining("'start' is no flag");
        assertThatThrownBy(() -> FlagWords.parse(List.of("--rpc-port")))
                .hasMessage("--rpc-port needs a value after it");
        assertThatThrownBy(() -> FlagWords.parse(List.of("--flush=os", "--flush=group")))
                .hasMessage("--flush is given twice, as 'os' and as 'group'");
        assertThatThrownBy(() -> ConfigFile.parse("f", List.of("flush")))
                .hasMessage("'flush' (line 1 of f) is not of the form name=value");
        assertThatThrownBy(() -> ConfigFile.parse("f", List.of("flush=os", "flush=os")))
                .hasMessage("flush is given twice, in line 1 of f and in line 2 of f");
    }

    @Test
    void mistypedVariableIsAWarningAndLauncherVariablesAreNot() {
        SettingValues values =
                resolve(
                        List.of(),
                        Map.of("MLOG_FLUHS", "os", "MLOG_HEAP", "64m", "PATH", "/bin"),
                        List.of());
        assertThat(values.warnings())
                .containsExactly("the environment variable MLOG_FLUHS is no setting: ignored");
    }

    @Test
    void valuesAreToldAsTheyWouldBeWritten() {
        SettingValues values =
                resolve(List.of("--flush=os", "--peer=a:1", "--peer=b:2"), Map.of(), List.of());
        assertThat(values.textOf(Settings.FLUSH)).contains("os");
        assertThat(values.textOf(Settings.PEER)).contains("a:1,b:2");
        assertThat(values.textOf(Settings.RPC_PORT)).contains("9094");
        assertThat(values.textOf(Settings.ADVERTISE_ADDR)).isEmpty();
    }

    @Test
    void secretIsShownNeitherWhenItIsListedNorWhenItIsRefused() {
        String key = "Zm9vYmFyYmF6cXV4Zm9vYmFy";
        SettingValues values = resolve(List.of("--cluster-key=" + key), Map.of(), List.of());
        List<Secret> keys = values.find(Settings.CLUSTER_KEY).orElseThrow();
        assertThat(keys).containsExactly(new Secret(key));
        assertThat(keys.toString()).isEqualTo("[(secret)]");
        assertThat(values.textOf(Settings.CLUSTER_KEY)).contains("(secret)");
        assertThatThrownBy(() -> resolve(List.of("--cluster-key=short"), Map.of(), List.of()))
                .hasMessage(
                        "cluster-key (secret) (from the flag --cluster-key) is refused: it must be"
                                + " 22 to 256 visible characters without a comma; several are"
                                + " separated by commas");
    }

    @Test
    void tableIsShortEnoughAndItsNamesAreUnique() {
        assertThat(Settings.all()).hasSizeLessThanOrEqualTo(50);
        assertThat(Settings.all()).extracting(Setting::name).doesNotHaveDuplicates();
        for (Setting<?> setting : Settings.all()) {
            setting.defaultText().ifPresent(text -> setting.parse(text, "its default"));
        }
    }

    private static SettingValues resolve(
            List<String> words, Map<String, String> environment, List<String> fileLines) {
        return SettingValues.resolve(
                FlagWords.parse(words), environment, ConfigFile.parse("mlog.conf", fileLines));
    }

    /** A value that is allowed and not the default. */
    private static String anotherValue(Setting<?> setting) {
        return switch (setting.kind()) {
            case ValueKind.WholeNumber number ->
                    setting.defaultText().orElseThrow().equals(Long.toString(number.least()))
                            ? Long.toString(number.least() + 1)
                            : Long.toString(number.least());
            case ValueKind.Switch _ ->
                    setting.defaultText().orElseThrow().equals("true") ? "false" : "true";
            case ValueKind.Choice<?> choice -> lastOf(choice);
            case ValueKind.Address _ -> "10.1.2.3:4567";
            case ValueKind.Name _ -> "another-1";
            case ValueKind.Directory _ -> "/var/lib/another";
            case ValueKind.Hidden _ -> "another-key-of-22-chars-and-more";
            case ValueKind.Repeated<?> many ->
                    many.isSecret()
                            ? "first-key-of-22-characters,second-key-of-22-characters"
                            : "10.1.2.3:4567,10.1.2.4:4568";
        };
    }

    private static String wrongValue(Setting<?> setting) {
        return switch (setting.kind()) {
            case ValueKind.WholeNumber number ->
                    number.most() == Long.MAX_VALUE
                            ? Long.toString(number.least() - 1)
                            : Long.toString(number.most() + 1);
            case ValueKind.Switch _ -> "yes";
            case ValueKind.Choice<?> _ -> "sometimes";
            case ValueKind.Address _ -> "10.1.2.3:99999";
            case ValueKind.Name _ -> "not allowed";
            case ValueKind.Directory _ -> "";
            case ValueKind.Hidden _ -> "too short";
            case ValueKind.Repeated<?> many ->
                    many.isSecret() ? "first-key-of-22-characters,short" : "10.1.2.3:1,nonsense";
        };
    }

    private static <E extends Enum<E>> String lastOf(ValueKind.Choice<E> choice) {
        E[] constants = choice.type().getEnumConstants();
        return choice.format(constants[constants.length - 1]);
    }
}
