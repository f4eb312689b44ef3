using System.Globalization;
using MaskRcnn.Client.Jobs;
using MaskRcnn.Coco.Datasets;
using MaskRcnn.Coco.Evaluation.Parts;
using MaskRcnn.Coco.Json;
using MaskRcnn.Coco.Masks;
using MaskRcnn.Detection.Configuration;
using MaskRcnn.Detection.Images;
using MaskRcnn.Detection.Native;
using MaskRcnn.Detection.Training;
using MaskRcnn.Detection.Training.Data;
using MaskRcnn.Detection.Training.Loading;
using MaskRcnn.Detection.Weights;
using MaskRcnn.Detection.Weights.Layout;

namespace MaskRcnn.Client.CommandLine;

/// <summary>Every exception that a command may end with, as an exit code, a code for programs and a message.</summary>
internal static class ErrorMapping
{
    public static CommandException ToCommandException(Exception exception) => exception switch
    {
        CommandException already => already,
        CocoFormatException format => new CommandException(ExitCode.Error, "invalid_file", format.Message) { Details = Place(format) },
        DatasetContentException content => new CommandException(ExitCode.Error, "invalid_file", content.Message) { Details = File(content.File) },
        WeightFileException weights => new CommandException(ExitCode.Error, "invalid_file", weights.Message) { Details = File(weights.Path) },
        StateDictMismatchException mismatch => new CommandException(ExitCode.Error, "weights_mismatch", mismatch.Message) { Details = File(mismatch.Path) },
        ModelConfigurationException => new CommandException(ExitCode.Error, "invalid_configuration", exception.Message),
        EvaluationPartException or RleException => new CommandException(ExitCode.Error, "invalid_file", exception.Message),
        ImageFormatException image => new CommandException(ExitCode.Error, "invalid_image", image.Message) { Details = new Dictionary<string, object> { ["file"] = image.Name } },
        TrainingDataException or TrainingLoadException => new CommandException(ExitCode.Error, "invalid_data", exception.Message),
        NonFiniteLossException loss => NonFinite(loss),
        TorchLibraryException => new CommandException(ExitCode.Error, "libtorch", exception.Message),
        FileNotFoundException or DirectoryNotFoundException => new CommandException(ExitCode.Error, "not_found", exception.Message),
        UnauthorizedAccessException => new CommandException(ExitCode.Error, "access_denied", exception.Message),
        IOException => new CommandException(ExitCode.Error, "io", exception.Message),
        ArgumentException or ComputeDeviceException => CommandException.Usage(exception.Message),
        OutOfMemoryException => new CommandException(ExitCode.Error, "out_of_memory", "Out of memory. Give the process more, or split the input."),
        AggregateException { InnerExceptions.Count: 1 } one => ToCommandException(one.InnerExceptions[0]),
        InvalidDataException => new CommandException(ExitCode.Error, "invalid_file", exception.Message),
        // Last, as it loads what only commands of a cluster need.
        _ => JobErrors.ToCommandException(exception) ?? new CommandException(ExitCode.Error, "internal", $"This is a fault in maskrcnn; please report it. {exception}"),
    };

    private static CommandException NonFinite(NonFiniteLossException exception)
    {
        Dictionary<string, object> details = new()
        {
            ["step"] = exception.Step,
            ["images"] = exception.ImageIds,
            // JSON has no number that is none.
            ["losses"] = string.Join(", ", exception.Losses.Select(loss => string.Create(CultureInfo.InvariantCulture, $"{loss.Key} {loss.Value}"))),
        };
        if (exception.SavedState is { } state) details["state"] = state;
        return new CommandException(ExitCode.Partial, "non_finite_loss", exception.SavedState is null ? exception.Message : $"{exception.Message} The state before the step is in {exception.SavedState}.") { Details = details };
    }

    private static Dictionary<string, object> File(string? path) => path is null ? [] : new Dictionary<string, object> { ["file"] = path };

    private static Dictionary<string, object> Place(CocoFormatException exception)
    {
        var details = new Dictionary<string, object>();
        if (exception.File is null) return details;
        details["file"] = exception.File;
        details["byte"] = exception.ByteOffset;
        if (exception.Line is { } line) details["line"] = line;
        if (exception.AnnotationId is { } id) details["annotationId"] = id;
        return details;
    }
}
