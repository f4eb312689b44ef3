namespace MaskRcnn.Detection.Kernels;

/// <summary>What is done to a product's sums before they are stored: bias, addition of another tensor, ReLU.</summary>
internal readonly unsafe struct Epilogue
{
    /// <summary>One value a column of the panel, or null for none.</summary>
    public float* Bias { get; init; }

    /// <summary>Values to add, at the panel's first column of the first row; or null for none.</summary>
    public float* Addend { get; init; }

    /// <summary>Floats from row to row of <see cref="Addend"/>.</summary>
    public nint AddendStride { get; init; }

    /// <summary>Whether negative results become 0.</summary>
    public bool Relu { get; init; }

    /// <summary>The epilogue of the rows after the first <paramref name="rows"/>.</summary>
    public Epilogue Down(int rows) => Addend == null ? this : this with { Addend = Addend + rows * AddendStride };
}
