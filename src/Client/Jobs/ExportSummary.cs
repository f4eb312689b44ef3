using System.Globalization;
using System.Text.Json;
using MaskRcnn.Client.CommandLine;
using MaskRcnn.Client.Exports;
using MaskRcnn.Storage;

namespace MaskRcnn.Client.Jobs;

/// <summary>What an export wrote, as text and as JSON.</summary>
internal static class ExportSummary
{
    public static void Write(Utf8JsonWriter json, ExportReport report)
    {
        json.WriteString("format", ExportFormats.Name(report.Format));
        json.WriteString("output", report.Output);
        json.WriteString("file", report.File);
        json.WriteNumber("images", report.Images);
        json.WriteNumber("failed", report.Failed);
        json.WriteNumber("detections", report.Detections);
        json.WriteNumber("empty", report.Empty);
        json.WriteNumber("hidden", report.Hidden);
        json.WriteNumber("lostParts", report.LostParts);
        json.WriteNumber("lostHoles", report.LostHoles);
        json.WriteNumber("files", report.Files);
        json.WriteNumber("bytes", report.Bytes);
        json.WriteNumber("unchanged", report.Unchanged);
    }

    public static void Write(TextWriter output, ExportReport report)
    {
        output.WriteLine(Text($"{report.Detections:N0} detections in {report.Images:N0} images, as {ExportFormats.Name(report.Format)}: {PlainText.WithoutControls(BlobUri.Join(report.Output, report.File))}"));
        output.WriteLine(Text($"{report.Files:N0} files, {DryRunOutput.Size(report.Bytes)}{(report.Unchanged > 0 ? Text($"; {report.Unchanged:N0} of them were there already") : "")}"));
        Say(report.Failed, "images of the job have no result and are left out");
        Say(report.Empty, "detections have no pixel and are left out");
        Say(report.Hidden, "detections lie behind better ones and are left out");
        Say(report.LostParts, "detections have several parts; only the largest is written");
        Say(report.LostHoles, "detections have holes, which are filled");

        void Say(long count, string what)
        {
            if (count > 0) output.WriteLine(Text($"{count:N0} {what}"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
