package io.mlog.systemtests.clients;

import java.util.List;
import java.util.stream.Stream;

/** Every row, in the order of the page. */
final class Matrix {
    private Matrix() {}

    static List<Row> rows() {
        return Stream.of(
                        JavaProducerRows.rows(),
                        JavaConsumerRows.rows(),
                        JavaAdminRows.rows(),
                        ToolRows.rows(),
                        ToolOperationRows.rows(),
                        KcatRows.rows(),
                        PythonRows.rows(),
                        NodeRows.rows())
                .flatMap(List::stream)
                .toList();
    }
}
