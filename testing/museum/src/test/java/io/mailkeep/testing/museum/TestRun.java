package io.mailkeep.testing.museum;

import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A process that runs test classes one after the other until one fails: {@code RED test} on
 * standard output and status 3, or status 0.
 */
final class TestRun {
    static final int RED = 3;

    private TestRun() {}

    public static void main(String[] classes) {
        for (String one : classes) {
            Listener listener = new Listener();
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(DiscoverySelectors.selectClass(one))
                                    .build(),
                            listener);
            if (listener.failed.isPresent()) {
                System.out.println("RED " + listener.failed.get());
                System.exit(RED);
            }
        }
        System.exit(0);
    }

    private static final class Listener implements TestExecutionListener {
        private Optional<String> failed = Optional.empty();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == Status.FAILED && failed.isEmpty()) {
                failed = Optional.of(name(test));
                result.getThrowable().ifPresent(Throwable::printStackTrace);
            }
        }

        private static String name(TestIdentifier test) {
            return switch (test.getSource().orElse(null)) {
                case MethodSource method ->
                        method.getClassName().replaceAll(".*\\.", "")
                                + "."
                                + method.getMethodName();
                case ClassSource type -> type.getClassName().replaceAll(".*\\.", "");
                case null, default -> test.getDisplayName();
            };
        }
    }
}
