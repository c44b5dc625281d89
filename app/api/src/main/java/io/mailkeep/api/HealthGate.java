package io.mailkeep.api;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Answers everything that comes in on the health port, and only that: {@code /health} with 200 or
 * 503 and no reason, {@code /metrics} in the text format of Prometheus. No request on that port
 * reaches a controller.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class HealthGate implements Filter {
    private final int port;
    private final Supplier<Optional<String>> trouble;
    private final Supplier<String> metrics;

    /** The local port, what is wrong with the node if anything, and its metrics as text. */
    public HealthGate(int port, Supplier<Optional<String>> trouble, Supplier<String> metrics) {
        this.port = port;
        this.trouble = trouble;
        this.metrics = metrics;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getLocalPort() != port) {
            chain.doFilter(request, response);
            return;
        }
        HttpServletResponse answer = (HttpServletResponse) response;
        answer.setHeader("Cache-Control", "no-store");
        answer.setHeader("X-Content-Type-Options", "nosniff");
        switch (((HttpServletRequest) request).getRequestURI()) {
            case "/health" -> {
                boolean well = trouble.get().isEmpty();
                answer.setStatus(
                        well
                                ? HttpServletResponse.SC_OK
                                : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
                answer.setContentType("application/json");
                answer.getWriter().print(well ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}");
            }
            case "/metrics" -> {
                answer.setContentType("text/plain; version=0.0.4; charset=utf-8");
                answer.getWriter().print(metrics.get());
            }
            default -> answer.setStatus(HttpServletResponse.SC_NOT_FOUND);
        }
    }
}
