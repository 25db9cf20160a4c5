package io.mlog.systemtests.clients;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every row, in the order of the page. */
final class Matrix {
    private Matrix() {}

    static List<Row> rows() {
        return Stream.of(
                        JavaProducerRows.rows(),
                        JavaConsumerRows.rows(),
                        JavaGroupRows.rows(),
                        JavaAdminRows.rows(),
                        ToolRows.rows(),
                        ToolGroupRows.rows(),
                        ToolOperationRows.rows(),
                        StreamsRows.rows(),
                        ConnectRows.rows(),
                        KcatRows.rows(),
                        PythonRows.rows(),
                        NodeRows.rows())
                .flatMap(List::stream)
                .toList();
    }

    /**
     * The rows to run: all, or the ones of which the system property {@code mlog.clients.only}, a
     * regular expression, finds something in client or words.
     */
    static List<Row> chosen() {
        Pattern only = Pattern.compile(System.getProperty("mlog.clients.only", ""));
        return rows().stream().filter(row -> only.matcher(row.toString()).find()).toList();
    }
}
