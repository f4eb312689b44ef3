using TorchSharp;

namespace MaskRcnn.Detection.Training.Losses;

/// <summary>
/// The losses of a batch (Mask R-CNN, section 3): L = Lcls + Lbox + Lmask over regions, and the two of the RPN. Each is a
/// tensor of one number.
/// </summary>
internal sealed record NetworkLosses : IDisposable
{
    /// <summary>Cross-entropy of the regions' classes.</summary>
    public required torch.Tensor Classifier { get; init; }

    /// <summary>Smooth L1 of the positive regions' boxes.</summary>
    public required torch.Tensor Box { get; init; }

    /// <summary>Binary cross-entropy of the anchors' objectness.</summary>
    public required torch.Tensor Objectness { get; init; }

    /// <summary>Smooth L1 of the positive anchors' boxes.</summary>
    public required torch.Tensor RpnBox { get; init; }

    /// <summary>Binary cross-entropy of the positive regions' masks; null without the branch.</summary>
    public torch.Tensor? Mask { get; init; }

    /// <summary>Cross-entropy of the keypoints' places; null without the branch.</summary>
    public torch.Tensor? Keypoint { get; init; }

    /// <summary>Each loss with torchvision's name.</summary>
    public IEnumerable<(string Name, torch.Tensor Loss)> Named()
    {
        yield return ("loss_classifier", Classifier);
        yield return ("loss_box_reg", Box);
        if (Mask is not null)
            yield return ("loss_mask", Mask);
        if (Keypoint is not null)
            yield return ("loss_keypoint", Keypoint);
        yield return ("loss_objectness", Objectness);
        yield return ("loss_rpn_box_reg", RpnBox);
    }

    /// <summary>Their plain sum.</summary>
    public torch.Tensor Total()
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor total = Classifier;
        foreach ((string name, torch.Tensor loss) in Named().Skip(1))
            total = total + loss;
        return total.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((string _, torch.Tensor loss) in Named())
            loss.Dispose();
    }
}
