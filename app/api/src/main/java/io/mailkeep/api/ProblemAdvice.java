package io.mailkeep.api;

import io.mailkeep.kernel.Unavailable;
import io.mailkeep.tickets.AccessDenied;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.ServletRequestBindingException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/**
 * The one place that turns failures into HTTP answers: a status and one sentence, never a stack
 * trace.
 */
@RestControllerAdvice
public final class ProblemAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<Map<String, String>> refusal(Refusal refusal) {
        return answer(refusal.status(), refusal.detail());
    }

    @ExceptionHandler
    ResponseEntity<Map<String, String>> unavailable(Unavailable unavailable) {
        LOG.atWarn()
                .addKeyValue("detail", unavailable.problem().detail())
                .log("Administration call deferred");
        return answer(503, unavailable.problem().text());
    }

    @ExceptionHandler
    ResponseEntity<Map<String, String>> denied(AccessDenied denied) {
        return answer(403, "Not allowed: " + denied.getMessage() + ".");
    }

    @ExceptionHandler({HttpMessageNotReadableException.class, ServletRequestBindingException.class})
    ResponseEntity<Map<String, String>> malformed(Exception malformed) {
        return answer(
                400,
                "The request isn't well-formed: a field is missing, unknown or of another type.");
    }

    @ExceptionHandler
    ResponseEntity<Map<String, String>> defect(RuntimeException defect) {
        LOG.atError().setCause(defect).log("Administration call failed by a defect");
        return answer(
                500, "The node failed on this call by a defect of its own; its log says where.");
    }

    private static ResponseEntity<Map<String, String>> answer(int status, String detail) {
        return ResponseEntity.status(status).body(Map.of("detail", detail));
    }
}
